#include "service/http/pages/panel/material_views.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "service/http/pages/panel/panel.h"

namespace narada::http::pages {
namespace {

using domain::FileState;
using domain::Material;
using domain::MaterialVersion;
using usecases::ReadableMaterial;

// How one version stands, as people see it.
std::string state_of(const MaterialVersion& version) {
  if (version.digest.hex.empty() && version.state == FileState::waiting) return "sending";
  return std::string(to_string(version.state));
}

std::string_view color_of(std::string_view state) {
  if (state == "ready" || state == "link") return "success";
  if (state == "refused" || state == "lost") return "danger";
  return "warning";
}

// "Prezentacja · Wszyscy · PDF…, 1,5 MB, 12 stron"
std::string facts_text(const Page& page, const Material& material) {
  std::string text = material_word(page, "kind", to_string(material.kind)) + " · " +
                     material_word(page, "access", to_string(material.access));
  if (material.available_from)
    text += " (" +
            page.text("panel_materials.from_when",
                      {{"when", moment_text(page, *material.available_from)}}) +
            ")";
  if (material.versions.empty()) return text;
  const auto& version = material.versions.front();
  text += " · " + version.file_name + ", " + size_text(page, version.size);
  if (version.facts.pages)
    text +=
        ", " + page.text("panel_materials.pages", {{"count", std::int64_t{*version.facts.pages}}});
  return text;
}

std::string who_text(const Page& page, const Material& material,
                     const usecases::MaterialNumbers& numbers) {
  const auto when = moment_text(
      page, material.versions.empty() ? material.updated_at : material.versions.back().created_at);
  const auto person =
      material.added_by ? numbers.people.find(*material.added_by) : numbers.people.end();
  std::string text =
      person == numbers.people.end()
          ? page.text("panel_materials.added", {{"when", when}})
          : page.text("panel_materials.added_by", {{"when", when}, {"who", person->second}});
  if (material.versions.empty()) return text + '.';
  const auto taken = numbers.taken.find(material.id);
  return text + "; " +
         page.text("panel_materials.taken",
                   {{"count", std::int64_t{taken == numbers.taken.end() ? 0 : taken->second}}}) +
         '.';
}

web::View fault_views(const Page& page, const MaterialVersion& version) {
  web::View faults = web::View::array();
  for (const auto fault : version.facts.faults) {
    const auto name = std::string(to_string(fault));
    faults.push_back(
        {{"text", page.text("file.fault_" + name)}, {"advice", page.text("file.advice_" + name)}});
  }
  return faults;
}

web::View version_views(const Page& page, const Material& material) {
  web::View versions = web::View::array();
  if (material.versions.size() < 2) return versions;
  for (const auto& version : material.versions)
    versions.push_back(
        {{"text", page.text("panel_materials.version_text",
                            {{"number", std::int64_t{version.number}},
                             {"name", version.file_name},
                             {"size", size_text(page, version.size)},
                             {"when", moment_text(page, version.created_at)},
                             {"state", page.text("panel_materials.state_" + state_of(version))}})},
         {"note", version.note}});
  return versions;
}

// What the state means for readers now.
std::string hint_of(const Page& page, const Material& material, const std::string& state) {
  if (state == "withheld") return page.text("panel_materials.hint_withheld");
  if (state == "ready" || state == "link") return {};
  const auto* current = domain::current_version(material);
  if (current)
    return page.text(
        state == "lost" ? "panel_materials.hint_lost_replaced" : "panel_materials.hint_replaced",
        {{"number", std::int64_t{current->number}}});
  return state == "refused" ? std::string() : page.text("panel_materials.hint_" + state);
}

void add_state(const Page& page, const Material& material, web::View& view) {
  auto state = material.versions.empty() ? "link" : state_of(material.versions.front());
  const bool withheld =
      state == "ready" && domain::is_withheld(material, material.versions.front());
  if (withheld) state = "withheld";
  view["state_text"] = page.text("panel_materials.state_" + state);
  view["state_color"] = color_of(state);
  view["state_hint"] = hint_of(page, material, state);
  view["refusal"] = false;
  view["faults"] = web::View::array();
  view["faults_text"] = "";
  if (material.versions.empty()) return;
  const auto& newest = material.versions.front();
  if (newest.refusal) {
    view["refusal"] = true;
    view["refusal_text"] = page.text("panel_materials.refused", {{"name", newest.file_name}});
    view["refusal_advice"] = page.text("file.refusal_" + std::string(to_string(*newest.refusal)));
  }
  if (newest.state != FileState::ready) return;
  view["faults"] = fault_views(page, newest);
  view["faults_text"] = page.text(
      "panel_materials.faults", {{"count", static_cast<std::int64_t>(newest.facts.faults.size())}});
}

void add_ways(const Page& page, const MaterialRoom& room, const ReadableMaterial& readable,
              bool first, bool last, web::View& view) {
  const auto& material = readable.material;
  const auto name = [&](const char* key) { return page.text(key, {{"title", material.title}}); };
  view["url"] = readable.may_change ? page.link(material_path(room, material.id)) : std::string();
  view["edit_name"] = name("panel_materials.edit_of");
  view["version_url"] = material.link.empty()
                            ? page.link(material_path(room, material.id, "/wersja"))
                            : std::string();
  view["version_name"] = name("panel_materials.new_version_of");
  view["remove_url"] = page.link(material_path(room, material.id, "/usun"));
  view["remove_name"] = name("panel_materials.remove_of");
  view["movable"] = room.organizes && !(first && last);
  view["up_name"] = first ? std::string() : name("panel_materials.up_of");
  view["down_name"] = last ? std::string() : name("panel_materials.down_of");
}

web::View material_view(const Page& page, const ReadableMaterial& readable,
                        const usecases::MaterialNumbers& numbers) {
  const auto& material = readable.material;
  auto versions = version_views(page, material);
  const auto count = static_cast<std::int64_t>(versions.size());
  web::View view = {{"id", std::to_string(material.id.value)},
                    {"title", material.title},
                    {"facts", facts_text(page, material)},
                    {"link", material.link},
                    {"who", who_text(page, material, numbers)},
                    {"versions", std::move(versions)},
                    {"versions_text", page.text("panel_materials.versions", {{"count", count}})}};
  add_state(page, material, view);
  return view;
}

}  // namespace

std::string material_path(const MaterialRoom& room, std::string_view part) {
  return room.path + std::string(part);
}

std::string material_path(const MaterialRoom& room, domain::MaterialId material,
                          std::string_view part) {
  return fmt::format("{}/{}{}", room.path, material.value, part);
}

std::string size_text(const Page& page, std::int64_t octets) {
  constexpr std::array kUnits = {"KB", "MB", "GB", "TB"};
  double amount = static_cast<double>(octets) / 1024;
  std::size_t unit = 0;
  while (amount >= 1024 && unit + 1 < kUnits.size()) {
    amount /= 1024;
    ++unit;
  }
  // One digit after the comma unless it is nought; what is tiny is not nothing.
  const auto tenths = std::max<std::int64_t>(octets > 0 ? 1 : 0, std::llround(amount * 10));
  auto text = std::to_string(tenths / 10);
  if (tenths % 10 != 0) text += (page.english() ? "." : ",") + std::to_string(tenths % 10);
  return text + "\u00a0" + kUnits.at(unit);
}

std::string material_word(const Page& page, std::string_view enumeration, std::string_view value) {
  return page.text(fmt::format("panel_materials.{}_{}", enumeration, value));
}

void fill_material_sections(Page& page, const MaterialRoom& room,
                            const std::vector<ReadableMaterial>& materials,
                            const usecases::MaterialNumbers& numbers) {
  web::View sections = web::View::array();
  const std::string* open = nullptr;
  bool has_headings = false;
  for (const auto& readable : materials) has_headings |= !readable.material.section.empty();
  for (std::size_t index = 0; index < materials.size(); ++index) {
    const auto& section = materials[index].material.section;
    if (!open || *open != section) {
      open = &section;
      const auto name = section.empty() ? page.text(has_headings ? "panel_materials.no_section"
                                                                 : "panel_materials.only_section")
                                        : section;
      sections.push_back({{"section_id", fmt::format("dzial-{}", sections.size() + 1)},
                          {"section_name", name},
                          {"materials", web::View::array()}});
    }
    auto view = material_view(page, materials[index], numbers);
    add_ways(page, room, materials[index], index == 0, index + 1 == materials.size(), view);
    sections.back()["materials"].push_back(std::move(view));
  }
  page.view()["material_sections"] = std::move(sections);
}

web::View usage_view(const Page& page, const MaterialRoom& room,
                     const usecases::MaterialNumbers& numbers) {
  const auto& limits = page.environment().materials;
  web::View rows = web::View::array();
  const auto add = [&](const char* key, std::int64_t used, std::uint64_t limit) {
    rows.push_back(
        {{"label", page.text(key)},
         {"text", page.text("panel_materials.usage_text",
                            {{"used", size_text(page, used)},
                             {"limit", size_text(page, static_cast<std::int64_t>(limit))}})}});
  };
  if (std::holds_alternative<domain::MeetingId>(room.owner))
    add("panel_materials.usage_meeting", numbers.owner_octets, limits.meeting);
  add("panel_materials.usage_person", numbers.person_octets, limits.expert);
  if (room.organizes)
    add("panel_materials.usage_installation", numbers.installation_octets, limits.installation);
  return rows;
}

}  // namespace narada::http::pages
