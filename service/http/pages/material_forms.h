#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/material.h"
#include "service/http/pages/account/session.h"

namespace narada::http::pages {

// Bringing materials, in the panel and in the experts' workspace: the same pages below different
// addresses.

// Whose materials a request is about, and who asks.
struct MaterialRoom {
  domain::MaterialOwner owner;
  std::string title;        // of the meeting, cycle or practice
  std::string path;         // of the list: "/panel/spotkania/7/materialy"; the others lie below
  bool organizes = false;   // false: an expert, who changes only what is theirs
  std::string public_path;  // of the list that everybody reads; empty: of a draft
  std::string expert_slug;  // whose a new material is unless somebody else is chosen; or empty
  std::vector<domain::ExpertRef> experts = {};  // whose organizers may say a material is
  std::string closed_since;  // in words, why nothing can be brought any more; empty: it can
};

struct MaterialPlace {
  std::string path;  // pattern of the list: "/panel/spotkania/{id}/materialy"
  // What the path is about; throws Error 404 where it is not for this person.
  std::function<MaterialRoom(const Page&, const usecases::SignedIn&)> find;
  // Title, crumbs, navigation and tabs of a page of the room. The templates show panel_nav and
  // panel_meeting_tabs where this filled them.
  std::function<void(Page&, const usecases::SignedIn&, const MaterialRoom&,
                     const std::string& title)>
      open;
};

// The list, files, links, changes, versions, order, removal and preview, below place.path:
// /nowe (with ?rodzaj=presentation and ?prowadzacy=slug preset), /przyslane, /link, /{material},
// /{material}/wersja, /{material}/usun, /podglad.
void add_material_pages(Router& router, const Parts& parts, MaterialPlace place);

// On another page of the same person, for the template pages/panel_material_list: what of the room
// is theirs to see, with its state, and the ways to bring more. The page needs a FormGuard.
void fill_materials(Page& page, const usecases::SignedIn& signed_in, const MaterialRoom& room);

}  // namespace narada::http::pages
