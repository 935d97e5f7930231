// The materials of a meeting, cycle or practice, and one of them with all that is known about it.

#include "service/http/pages/materials_downloads.h"
#include "service/http/pages/materials_views.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/structured_data.h"

namespace narada::http::pages {
namespace {

using domain::MaterialReading;
using usecases::ReadableMaterial;

// How one who may not read yet comes to read, once for the page.
void add_ways_in(Page& page, const ReadingPlace& place, const MaterialHome& home,
                 const std::vector<ReadableMaterial>& readables) {
  bool is_needed = false;
  for (const auto& readable : readables)
    is_needed |= readable.reading == MaterialReading::participants_only;
  if (!is_needed) return;
  const auto& target = page.request().target;
  page.view()["ways_in"] = {
      {"register_url", home.register_url},
      {"sign_in_url", place.signed_in || place.by_link()
                          ? std::string()
                          : page.link("/wejscie?dalej=" + encode_component(target))}};
}

// A cycle's page leads to the materials of its meetings too; whether any of them has a file.
bool add_sessions(Page& page, const ReadingPlace& place, const MaterialHome& home) {
  bool any = false;
  auto& views = page.view()["sessions"] = web::View::array();
  for (const auto& session : find_session_materials(page, place, home.owner)) {
    any |= has_files(session.readables);
    const auto count = static_cast<std::int64_t>(session.readables.size());
    views.push_back({{"title", session.title},
                     {"url", page.link(session.path)},
                     {"count", page.text("materials.count", {{"count", count}})}});
  }
  return any;
}

Response show_list(Page& page, const ReadingPlace& place, const MaterialHome& home) {
  const auto readables =
      value_or_throw(load_readable_materials(page.environment(), place.actor, home.owner));
  page.title(page.text("materials.heading", {{"title", home.title}}));
  page.crumb(home.title, place.by_link() ? place.base : home.path);
  auto& view = page.view();
  view["home_title"] = home.title;
  view["home_page"] = page.link(home.path);
  view["by_link"] = place.by_link();
  view["sections"] = section_views(page, place, readables);
  add_ways_in(page, place, home, readables);
  const bool has_any = add_sessions(page, place, home) || has_files(readables);
  if (has_any && !std::holds_alternative<domain::PracticeId>(home.owner))
    view["archive_url"] = home.list_path + ".zip";
  return page.render(200, "pages/materials");
}

web::View version_views(const Page& page, const ReadingPlace& place,
                        const domain::Material& material) {
  web::View views = web::View::array();
  const auto* current = domain::current_version(material);
  for (const auto& version : material.versions) {
    const bool is_ready = version.state == domain::FileState::ready;
    const bool is_current = &version == current;
    views.push_back(
        {{"number", std::to_string(version.number)},
         {"name", version.file_name},
         {"facts", facts_text(page, version)},
         {"file_url", is_ready ? file_address(place, material.id, version) : std::string()},
         {"when", day_text(page, version.created_at)},
         {"note", version.note},
         {"mark", page.text(is_current ? "materials.newest"
                            : is_ready ? "materials.old"
                                       : "materials.not_ready")}});
  }
  return views;
}

// "Nowak, J. Karta pracy, wersja 2. W: Deszczówka. 12 listopada 2026. https://…"
std::string citation(const Page& page, const MaterialHome& home, const domain::Material& material) {
  const auto* version = domain::current_version(material);
  std::string text = material.authors.empty() ? std::string() : material.authors + ". ";
  text += material.title;
  if (version && version->number > 1)
    text += ", " + page.text("materials.version", {{"number", std::int64_t{version->number}}});
  text += ". " + page.text("materials.cited_in", {{"title", home.title}}) + ". ";
  text += day_text(page, version ? version->created_at : material.updated_at) + ". ";
  return text + page.absolute("/materialy/" + std::to_string(material.id.value));
}

Response show_material(Page& page, const ReadingPlace& place) {
  const auto& key = page.request().params.at("id");
  const domain::MaterialId id{material_number(key)};
  const auto readable = value_or_throw(find_readable_material(page.environment(), place.actor, id));
  const auto& material = readable.material;
  const auto address = page.link(material_address(place, id));
  if (key != std::to_string(id.value)) return redirect(301, address);
  const auto home = find_home(page, place, material.owner);
  page.title(material.title);
  page.crumb(home.title, place.by_link() ? place.base : home.path);
  page.crumb(page.text("materials.title"), home.list_path);
  auto& view = page.view();
  view["material"] = readable_view(page, place, readable);
  view["home_title"] = home.title;
  view["home_page"] = page.link(home.path);
  add_ways_in(page, place, home, {readable});
  if (readable.reading != MaterialReading::open) return page.render(200, "pages/material");
  view["versions"] = version_views(page, place, material);
  view["citation"] = citation(page, home, material);
  if (!place.by_link()) view["json_ld"] = material_json_ld(page, material);
  return page.render(200, "pages/material");
}

}  // namespace

void add_material_reading_pages(Router& router, const Parts& parts) {
  using FindHome = MaterialHome (*)(const Page&, const ReadingPlace&, const std::string&);
  const auto add_list = [&](const std::string& room, FindHome find) {
    add_reading_page(router, parts, room + "/{slug}/materialy",
                     [find](Page& page, const ReadingPlace& place) {
                       const auto home = find(page, place, page.request().params.at("slug"));
                       if (page.request().path != page.link(home.list_path))
                         return redirect(301, page.link(home.list_path));
                       return show_list(page, place, home);
                     });
  };
  add_list("/spotkania", home_of_meeting);
  add_list("/cykle", home_of_cycle);
  add_list("/praktyki", home_of_practice);
  add_reading_page(router, parts, "/z/{token}/materialy",
                   [](Page& page, const ReadingPlace& place) {
                     return show_list(page, place, home_by_link(page, place));
                   });
  add_reading_page(router, parts, "/materialy/{id}", show_material);
  add_reading_page(router, parts, "/z/{token}/materialy/{id}", show_material);
  add_material_downloads(router, parts);
}

}  // namespace narada::http::pages
