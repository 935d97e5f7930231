// The page with the materials as others find it: the page itself, and beside it what they do not
// find and why.

#include <algorithm>
#include <array>

#include "service/http/pages/materials_views.h"
#include "service/http/pages/panel/material_room.h"
#include "service/http/pages/panel/material_views.h"
#include "service/http/pages/panel/panel.h"

namespace narada::http::pages {
namespace {

using domain::MaterialReading;
using usecases::ReadableMaterial;
using usecases::SignedIn;

enum class PreviewReader { everybody, participant, resident };
constexpr std::array kReaders = {
    std::pair{PreviewReader::everybody, "everybody"},
    std::pair{PreviewReader::participant, "participant"},
    std::pair{PreviewReader::resident, "resident"},
};
using Chosen = std::pair<PreviewReader, const char*>;

Chosen chosen_reader(const Request& request) {
  const auto wanted = request.query_value("jako");
  const auto* const found = std::find_if(kReaders.begin(), kReaders.end(),
                                         [&](const auto& one) { return one.second == wanted; });
  return found == kReaders.end() ? kReaders.front() : *found;
}

bool is_for(const domain::Material& material, PreviewReader reader) {
  return reader != PreviewReader::resident ||
         material.audience != domain::MaterialAudience::officials;
}

std::vector<ReadableMaterial> find_shown(const Page& page, const SignedIn& signed_in,
                                         const MaterialRoom& room, PreviewReader reader) {
  domain::MaterialReader who;
  who.takes_part = reader == PreviewReader::participant;
  auto shown = take(preview_materials(page.environment(), signed_in.actor, room.owner, who));
  std::erase_if(shown, [&](const auto& readable) { return !is_for(readable.material, reader); });
  return shown;
}

std::string reason_of(const Page& page, const domain::Material& material, PreviewReader reader) {
  if (!is_for(material, reader)) return page.text("panel_materials.unseen_officials");
  if (material.access == domain::MaterialAccess::organizers)
    return page.text("panel_materials.unseen_organizers");
  const auto& versions = material.versions;
  const bool is_withheld =
      std::any_of(versions.begin(), versions.end(), [&](const domain::MaterialVersion& version) {
        return version.state == domain::FileState::ready && domain::is_withheld(material, version);
      });
  return page.text(is_withheld ? "panel_materials.unseen_withheld"
                               : "panel_materials.unseen_no_file");
}

// [{title, why}] of what these readers do not find.
web::View unseen_views(const Page& page, const std::vector<ReadableMaterial>& all,
                       const std::vector<ReadableMaterial>& shown, PreviewReader reader) {
  web::View views = web::View::array();
  for (const auto& readable : all) {
    const auto& material = readable.material;
    const bool is_shown = std::any_of(shown.begin(), shown.end(), [&](const auto& one) {
      return one.material.id == material.id;
    });
    if (!is_shown)
      views.push_back(
          {{"unseen_title", material.title}, {"why", reason_of(page, material, reader)}});
  }
  return views;
}

web::View frame_view(const Page& page, const MaterialRoom& room, const Chosen& chosen) {
  web::View readers = web::View::array();
  for (const auto& [reader, name] : kReaders)
    readers.push_back(
        {{"url", page.link(material_path(room, std::string("/podglad?jako=") + name))},
         {"label", page.text(std::string("panel_materials.preview_") + name)},
         {"current", reader == chosen.first}});
  const bool is_draft = room.public_path.empty();
  return {
      {"readers", std::move(readers)},
      {"text", page.text(is_draft ? "panel_materials.preview_draft"
                                  : "panel_materials.preview_text_" + std::string(chosen.second))},
      {"back_url", page.link(room.path)}};
}

Response show_preview(Page& page, const SignedIn& signed_in, const MaterialPlace& place) {
  const auto room = place.find(page, signed_in);
  const auto chosen = chosen_reader(page.request());
  const auto shown = find_shown(page, signed_in, room, chosen.first);
  // Addresses as everybody has them; who looks may open more than they show.
  const ReadingPlace reading{usecases::Actor{}};
  page.title(page.text("panel_materials.preview_heading", {{"title", room.title}}));
  auto& view = page.view();
  view["preview"] = frame_view(page, room, chosen);
  view["preview"]["unseen"] =
      unseen_views(page, load_room(page, signed_in, room), shown, chosen.first);
  view["home_title"] = room.title;
  view["home_page"] = page.link(room.path);
  view["sections"] = section_views(page, reading, shown);
  view["sessions"] = web::View::array();
  const bool has_locked = std::any_of(shown.begin(), shown.end(), [](const auto& readable) {
    return readable.reading == MaterialReading::participants_only;
  });
  if (has_locked) view["ways_in"] = {{"register_url", ""}, {"sign_in_url", ""}};
  return page.render(200, "pages/materials");
}

}  // namespace

void add_material_preview_pages(Router& router, const Parts& parts, const SharedPlace& place) {
  add_private_page(router, parts, Method::get, place->path + "/podglad",
                   [place](Page& page, const SignedIn& signed_in) {
                     return show_preview(page, signed_in, *place);
                   });
}

}  // namespace narada::http::pages
