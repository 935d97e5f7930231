#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/material.h"
#include "service/http/pages/account/session.h"
#include "service/http/pages/page.h"
#include "service/usecases/materials/material_contents.h"
#include "service/usecases/materials/readable_materials.h"

namespace narada::http::pages {

// Who reads materials, and below which address.
struct ReadingPlace {
  usecases::Actor actor;
  std::string base = {};  // what stands before "/materialy": empty, or "/z/{token}"
  std::optional<usecases::SignedIn> signed_in = {};
  bool by_link() const { return !base.empty(); }
};
ReadingPlace place_of(const Page& page);  // 404 for a link that opens nothing

// A page of materials under `path`, for everybody and for who is signed in.
using ReadingHandler = std::function<Response(Page&, const ReadingPlace&)>;
void add_reading_page(Router& router, const Parts& parts, const std::string& path,
                      ReadingHandler handler);

// What materials belong to, as its readers know it.
struct MaterialHome {
  domain::MaterialOwner owner;
  std::string title;
  std::string path;          // of its own page: "/spotkania/deszczowka"
  std::string list_path;     // of its materials, for this reader
  std::string register_url;  // where one becomes a participant; empty: not now
};
MaterialHome find_home(const Page& page, const ReadingPlace& place,
                       const domain::MaterialOwner& owner);
MaterialHome home_of_meeting(const Page& page, const ReadingPlace& place, const std::string& key);
MaterialHome home_of_cycle(const Page& page, const ReadingPlace& place, const std::string& key);
MaterialHome home_of_practice(const Page& page, const ReadingPlace& place, const std::string& key);

// What of a cycle's meetings a reader finds, in the order of the meetings, without those that have
// nothing for them; of what is no cycle nothing.
struct SessionMaterials {
  std::string title;
  std::string folder;  // "2. Warsztat", in an archive
  std::string path;    // of the page with its materials
  std::vector<usecases::ReadableMaterial> readables;
};
std::vector<SessionMaterials> find_session_materials(const Page& page, const ReadingPlace& place,
                                                     const domain::MaterialOwner& owner);
// Whether there is a file that the reader may open.
bool has_files(const std::vector<usecases::ReadableMaterial>& readables);

// The number in "12" or, with a name behind it, in "12-karta-pracy"; throws Error 404.
std::int64_t material_number(const std::string& text);

// "/materialy/12", below the reader's address.
std::string material_address(const ReadingPlace& place, domain::MaterialId id);
// "/materialy/12/2/karta%20pracy.pdf"
std::string file_address(const ReadingPlace& place, domain::MaterialId id,
                         const domain::MaterialVersion& version);

// "12 listopada 2026"
std::string day_text(const Page& page, domain::Instant at);
// "PDF", "Word", "ZIP"…, else the ending of the name.
std::string type_text(const Page& page, const domain::MaterialVersion& version);
// "PDF · 1,5 MB · 12 stron"
std::string facts_text(const Page& page, const domain::MaterialVersion& version);
std::string licence_text(const Page& page, domain::Licence licence);
std::string_view licence_url(domain::Licence licence);  // empty: there is none

// What the templates show of one material; see web/pages/material_entry.html.
web::View readable_view(const Page& page, const ReadingPlace& place,
                        const usecases::ReadableMaterial& readable);
// [{heading, heading_id, entries, photos}]
web::View section_views(const Page& page, const ReadingPlace& place,
                        const std::vector<usecases::ReadableMaterial>& readables);

// On the start page: "materials" [{title, url, text_language, kind, of, date}], the newest first.
void add_newest_materials(Page& page);

// On the page of a meeting, cycle or practice: "material_summary" {entries, more_url, more_text},
// what a visitor finds, the newest first; nothing where there is nothing.
void add_material_summary(Page& page, const domain::MaterialOwner& owner, const std::string& path);

}  // namespace narada::http::pages
