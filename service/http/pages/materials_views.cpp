#include "service/http/pages/materials_views.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "calendar/zone.h"
#include "service/http/downloads.h"
#include "service/http/pages/panel/material_views.h"
#include "service/usecases/materials/newest_materials.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::Material;
using domain::MaterialReading;
using domain::MaterialVersion;
using usecases::ReadableMaterial;

struct TypeName {
  std::string_view media_type, name;
};
constexpr std::array<TypeName, 16> kTypes = {{
    {"application/pdf", "PDF"},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word (DOCX)"},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation",
     "PowerPoint (PPTX)"},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel (XLSX)"},
    {"application/msword", "Word (DOC)"},
    {"application/vnd.ms-powerpoint", "PowerPoint (PPT)"},
    {"application/vnd.ms-excel", "Excel (XLS)"},
    {"application/vnd.oasis.opendocument.text", "OpenDocument (ODT)"},
    {"application/vnd.oasis.opendocument.presentation", "OpenDocument (ODP)"},
    {"application/vnd.oasis.opendocument.spreadsheet", "OpenDocument (ODS)"},
    {"application/zip", "ZIP"},
    {"image/jpeg", "JPEG"},
    {"image/png", "PNG"},
    {"video/mp4", "MP4"},
    {"audio/mpeg", "MP3"},
    {"application/epub+zip", "EPUB"},
}};

// "https://www.youtube.com/watch" → "www.youtube.com"
std::string host_of(const std::string& link) {
  const auto begin = link.find("://");
  if (begin == std::string::npos) return link;
  return link.substr(begin + 3, link.find_first_of("/?#:", begin + 3) - begin - 3);
}

std::string when_text(const Page& page, domain::Instant at) {
  const auto wall = calendar::to_wall_time(at, domain::kDefaultZone);
  return page.text("materials.when", {{"date", web::day_date(page.language(), wall)},
                                      {"time", web::clock_time(wall)}});
}

std::string locked_text(const Page& page, const ReadableMaterial& readable) {
  const auto& material = readable.material;
  if (readable.reading == MaterialReading::participants_only)
    return page.text("materials.for_participants");
  const auto when = when_text(page, material.available_from.value_or(page.now()));
  const bool for_all = material.access == domain::MaterialAccess::everybody;
  return page.text(for_all ? "materials.not_yet" : "materials.not_yet_participants",
                   {{"when", when}});
}

// What nobody but organizers and who brought it sees, and why.
std::string inner_text(const Page& page, const Material& material) {
  if (material.access == domain::MaterialAccess::organizers) return page.text("materials.inner");
  if (material.available_from && *material.available_from > page.now())
    return page.text("materials.others_from",
                     {{"when", when_text(page, *material.available_from)}});
  return {};
}

web::View fault_views(const Page& page, const MaterialVersion& version) {
  web::View faults = web::View::array();
  for (const auto fault : version.facts.faults)
    faults.push_back(page.text("file.fault_" + std::string(to_string(fault))));
  return faults;
}

std::string accessibility_text(const Page& page, const Material& material,
                               const MaterialVersion& version) {
  if (material.rule == domain::AccessibilityRule::none) return {};
  const bool is_checked = version.facts.media_type == "application/pdf" && version.facts.is_tagged;
  if (version.facts.faults.empty())
    return is_checked ? page.text("materials.accessible") : std::string();
  std::string list;
  for (const auto& fault : fault_views(page, version))
    list += (list.empty() ? "" : "; ") + fault.get<std::string>();
  return page.text("materials.faults", {{"list", list}});
}

web::View edition_views(const Page& page, const ReadingPlace& place,
                        const ReadableMaterial& readable) {
  web::View editions = web::View::array();
  for (const auto& edition : readable.editions) {
    const auto audience =
        page.text("panel_materials.audience_" + std::string(to_string(edition.audience)));
    const auto language =
        page.text("panel_materials.language_" + std::string(to_string(edition.language)));
    editions.push_back({{"url", page.link(material_address(place, edition.id))},
                        {"title", edition.title},
                        {"edition_language", to_string(edition.language)},
                        {"which", audience + ", " + language}});
  }
  return editions;
}

void add_file(const Page& page, const ReadingPlace& place, const Material& material,
              const MaterialVersion& version, web::View& view) {
  const auto address = file_address(place, material.id, version);
  view["facts"] = facts_text(page, version);
  view["accessibility"] = accessibility_text(page, material, version);
  view["exemption"] = material.exemption;
  view["date"] = day_text(page, version.created_at);
  if (version.number > 1)
    view["version"] = page.text("materials.version", {{"number", std::int64_t{version.number}}});
  const bool opens = disposition_of(version.facts.media_type) == Disposition::in_line;
  view["download"] = {
      {"file_url", address},
      {"label", page.text(opens ? "materials.open" : "materials.download")},
      {"label_of", page.text(opens ? "materials.open_of" : "materials.download_of",
                             {{"title", material.title}, {"facts", facts_text(page, version)}})}};
  const auto folder = address.substr(0, address.rfind('/'));
  if (!version.thumbnail.hex.empty()) view["thumbnail"] = folder + "/miniatura";
  if (version.facts.media_type.starts_with("image/")) view["picture"] = folder + "/zdjecie";
}

bool is_photo(const ReadableMaterial& readable) {
  const auto* version = domain::current_version(readable.material);
  return readable.material.kind == domain::MaterialKind::photo &&
         readable.reading == MaterialReading::open && version != nullptr &&
         version->facts.media_type.starts_with("image/");
}

// Each photo of the whole page leads to the next and back.
void link_photos(web::View& sections) {
  std::vector<web::View*> photos;
  for (auto& section : sections)
    for (auto& photo : section["photos"]) photos.push_back(&photo);
  for (std::size_t index = 0; index < photos.size(); ++index) {
    if (index > 0) (*photos[index])["previous_id"] = (*photos[index - 1])["id"];
    if (index + 1 < photos.size()) (*photos[index])["next_id"] = (*photos[index + 1])["id"];
  }
}

}  // namespace

std::int64_t material_number(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool ends = end == text.data() + text.size() || *end == '-';
  if (error != std::errc() || !ends || number < 1 || text[0] == '0') throw Error(404);
  return number;
}

std::string material_address(const ReadingPlace& place, domain::MaterialId id) {
  return place.base + "/materialy/" + std::to_string(id.value);
}

std::string file_address(const ReadingPlace& place, domain::MaterialId id,
                         const MaterialVersion& version) {
  // These two are the addresses of its pictures.
  auto name = path_segment_of(version.file_name);
  if (name == "miniatura" || name == "zdjecie") name = "plik-" + name;
  return material_address(place, id) + "/" + std::to_string(version.number) + "/" + name;
}

std::string day_text(const Page& page, domain::Instant at) {
  return web::day_date(page.language(), calendar::to_wall_time(at, domain::kDefaultZone));
}

std::string type_text(const Page& page, const MaterialVersion& version) {
  for (const auto& [media_type, name] : kTypes)
    if (media_type == version.facts.media_type) return std::string(name);
  constexpr std::size_t kLongestEnding = 5;
  const auto dot = version.file_name.rfind('.');
  if (dot == std::string::npos || version.file_name.size() - dot > kLongestEnding + 1)
    return page.text("materials.file");
  auto ending = version.file_name.substr(dot + 1);
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return ending;
}

std::string facts_text(const Page& page, const MaterialVersion& version) {
  auto text = type_text(page, version) + " · " + size_text(page, version.size);
  if (version.facts.pages)
    text +=
        " · " + page.text("panel_materials.pages", {{"count", std::int64_t{*version.facts.pages}}});
  return text;
}

std::string licence_text(const Page& page, domain::Licence licence) {
  return page.text("materials.licence_" + std::string(to_string(licence)));
}

std::string_view licence_url(domain::Licence licence) {
  switch (licence) {
    case domain::Licence::cc_by:
      return "https://creativecommons.org/licenses/by/4.0/deed.pl";
    case domain::Licence::cc_by_sa:
      return "https://creativecommons.org/licenses/by-sa/4.0/deed.pl";
    case domain::Licence::cc_by_nc:
      return "https://creativecommons.org/licenses/by-nc/4.0/deed.pl";
    case domain::Licence::cc0:
      return "https://creativecommons.org/publicdomain/zero/1.0/deed.pl";
    case domain::Licence::all_rights_reserved:
    case domain::Licence::public_document:
      break;
  }
  return {};
}

web::View readable_view(const Page& page, const ReadingPlace& place,
                        const ReadableMaterial& readable) {
  const auto& material = readable.material;
  web::View view = {
      {"id", std::to_string(material.id.value)},
      {"title", material.title},
      {"text_language", to_string(material.language)},
      {"url", page.link(material_address(place, material.id))},
      {"kind", page.text("panel_materials.kind_" + std::string(to_string(material.kind)))},
      {"description", material.description},
      {"authors", material.authors},
      {"licence",
       {{"licence_name", licence_text(page, material.licence)},
        {"licence_url", licence_url(material.licence)}}},
      {"alt", material.alt_text},
      {"enlarge", page.text("materials.enlarge", {{"alt", material.alt_text}})},
      {"editions", edition_views(page, place, readable)}};
  if (material.language != page.language())
    view["in_language"] = page.text("materials.in_" + std::string(to_string(material.language)));
  if (material.audience != domain::MaterialAudience::everybody)
    view["audience"] =
        page.text("panel_materials.audience_" + std::string(to_string(material.audience)));
  if (readable.reading != MaterialReading::open) {
    view["locked"] = locked_text(page, readable);
    view["licence"] = nullptr;
    return view;
  }
  view["inner"] = inner_text(page, material);
  view["date"] = day_text(page, material.updated_at);
  if (!material.link.empty())
    view["link"] = {
        {"link_url", material.link},
        {"leads_to", page.text("materials.leads_to", {{"host", host_of(material.link)}})},
        {"label", page.text("materials.watch")}};
  if (const auto* version = domain::current_version(material))
    add_file(page, place, material, *version, view);
  else if (material.link.empty())
    view["inner"] = page.text("materials.waiting");
  return view;
}

web::View section_views(const Page& page, const ReadingPlace& place,
                        const std::vector<ReadableMaterial>& readables) {
  web::View sections = web::View::array();
  const std::string* last = nullptr;
  for (const auto& readable : readables) {
    const auto& heading = readable.material.section;
    if (last == nullptr || *last != heading) {
      sections.push_back({{"heading", heading},
                          {"heading_id", "dzial-" + std::to_string(sections.size() + 1)},
                          {"entries", web::View::array()},
                          {"photos", web::View::array()}});
      last = &heading;
    }
    sections.back()[is_photo(readable) ? "photos" : "entries"].push_back(
        readable_view(page, place, readable));
  }
  link_photos(sections);
  return sections;
}

void add_newest_materials(Page& page) {
  constexpr int kShown = 6;
  web::View views = web::View::array();
  for (const auto& material : list_newest_materials(page.environment(), kShown))
    views.push_back(
        {{"title", material.title},
         {"url", page.link("/materialy/" + std::to_string(material.id.value))},
         {"text_language", to_string(material.language)},
         {"kind", page.text("panel_materials.kind_" + std::string(to_string(material.kind)))},
         {"of", material.owner_title},
         {"date", day_text(page, material.added_at)}});
  page.view()["materials"] = std::move(views);
}

void add_material_summary(Page& page, const domain::MaterialOwner& owner, const std::string& path) {
  constexpr std::size_t kShown = 3;
  const auto found = load_readable_materials(page.environment(), visitor(), owner);
  if (!found || found->empty()) return;
  auto readables = *found;
  const auto made = [](const ReadableMaterial& readable) {
    return readable.material.versions.empty() ? readable.material.updated_at
                                              : readable.material.versions.front().created_at;
  };
  std::stable_sort(readables.begin(), readables.end(),
                   [&](const auto& a, const auto& b) { return made(a) > made(b); });
  readables.resize(std::min(readables.size(), kShown));
  web::View entries = web::View::array();
  for (const auto& readable : readables)
    entries.push_back(readable_view(page, {visitor()}, readable));
  page.view()["material_summary"] = {
      {"entries", std::move(entries)},
      {"more_url", page.link(path + "/materialy")},
      {"more_text",
       page.text("materials.all", {{"count", static_cast<std::int64_t>(found->size())}})}};
}

}  // namespace narada::http::pages
