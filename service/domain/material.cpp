#include "service/domain/material.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<MaterialKind, 8> kKinds{{"handbook", "presentation", "exercise",
                                             "resolution_draft", "report", "recording", "photo",
                                             "other"}};
static_assert(is_complete(kKinds, MaterialKind::other));

constexpr EnumNames<MaterialAudience, 3> kAudiences{{"everybody", "officials", "residents"}};
static_assert(is_complete(kAudiences, MaterialAudience::residents));

constexpr EnumNames<MaterialAccess, 3> kAccesses{{"everybody", "participants", "organizers"}};
static_assert(is_complete(kAccesses, MaterialAccess::organizers));

constexpr EnumNames<AccessibilityRule, 3> kRules{{"none", "advice", "required"}};
static_assert(is_complete(kRules, AccessibilityRule::required));

constexpr EnumNames<Licence, 6> kLicences{
    {"all_rights_reserved", "cc_by", "cc_by_sa", "cc_by_nc", "cc0", "public_document"}};
static_assert(is_complete(kLicences, Licence::public_document));

bool has_rights(const MaterialReader& reader) { return reader.organizes || reader.added; }

std::vector<std::string> section_order(const std::vector<MaterialSeat>& seats) {
  std::vector<std::string> sections{""};
  for (const MaterialSeat& seat : seats) {
    if (std::find(sections.begin(), sections.end(), seat.section) == sections.end())
      sections.push_back(seat.section);
  }
  return sections;
}

void number(std::vector<MaterialSeat>& seats) {
  int position = 0;
  for (MaterialSeat& seat : seats) seat.position = ++position;
}

// The sections of both change places; each keeps its own order.
std::vector<MaterialSeat> with_sections_swapped(const std::vector<MaterialSeat>& seats,
                                                const std::string& one, const std::string& other) {
  auto sections = section_order(seats);
  std::iter_swap(std::find(sections.begin(), sections.end(), one),
                 std::find(sections.begin(), sections.end(), other));
  std::vector<MaterialSeat> ordered;
  for (const std::string& section : sections) {
    std::copy_if(seats.begin(), seats.end(), std::back_inserter(ordered),
                 [&](const MaterialSeat& seat) { return seat.section == section; });
  }
  return ordered;
}

}  // namespace

std::string_view to_string(MaterialKind kind) { return kKinds.name_of(kind); }
std::string_view to_string(MaterialAudience audience) { return kAudiences.name_of(audience); }
std::string_view to_string(MaterialAccess access) { return kAccesses.name_of(access); }
std::string_view to_string(AccessibilityRule rule) { return kRules.name_of(rule); }
std::string_view to_string(Licence licence) { return kLicences.name_of(licence); }

std::optional<MaterialKind> find_material_kind(std::string_view name) { return kKinds.find(name); }
std::optional<MaterialAudience> find_material_audience(std::string_view name) {
  return kAudiences.find(name);
}
std::optional<MaterialAccess> find_material_access(std::string_view name) {
  return kAccesses.find(name);
}
std::optional<AccessibilityRule> find_accessibility_rule(std::string_view name) {
  return kRules.find(name);
}
std::optional<Licence> find_licence(std::string_view name) { return kLicences.find(name); }

MaterialReading decide_reading(const Material& material, const MaterialReader& reader,
                               Instant now) {
  if (has_rights(reader)) return MaterialReading::open;
  if (material.access == MaterialAccess::organizers) return MaterialReading::hidden;
  if (material.link.empty() && readable_versions(material, reader).empty())
    return MaterialReading::hidden;
  if (material.available_from && now < *material.available_from) return MaterialReading::not_yet;
  if (material.access == MaterialAccess::participants && !reader.takes_part && !reader.leads) {
    return MaterialReading::participants_only;
  }
  return MaterialReading::open;
}

bool is_withheld(const Material& material, const MaterialVersion& version) {
  return material.rule == AccessibilityRule::required && material.exemption.empty() &&
         !version.facts.faults.empty();
}

std::vector<MaterialVersion> readable_versions(const Material& material,
                                               const MaterialReader& reader) {
  if (has_rights(reader)) return material.versions;
  std::vector<MaterialVersion> readable;
  std::copy_if(material.versions.begin(), material.versions.end(), std::back_inserter(readable),
               [&](const MaterialVersion& version) {
                 return version.state == FileState::ready && !is_withheld(material, version);
               });
  return readable;
}

const MaterialVersion* current_version(const Material& material) {
  const auto found = std::find_if(
      material.versions.begin(), material.versions.end(),
      [](const MaterialVersion& version) { return version.state == FileState::ready; });
  return found == material.versions.end() ? nullptr : &*found;
}

std::vector<MaterialSeat> in_reading_order(std::vector<MaterialSeat> seats) {
  std::stable_sort(seats.begin(), seats.end(), [](const MaterialSeat& a, const MaterialSeat& b) {
    return std::pair(a.position, a.id) < std::pair(b.position, b.id);
  });
  const auto sections = section_order(seats);
  const auto rank = [&](const MaterialSeat& seat) {
    return std::find(sections.begin(), sections.end(), seat.section) - sections.begin();
  };
  std::stable_sort(seats.begin(), seats.end(),
                   [&](const MaterialSeat& a, const MaterialSeat& b) { return rank(a) < rank(b); });
  return seats;
}

std::vector<MaterialSeat> moved(std::vector<MaterialSeat> seats, MaterialId id, MaterialMove move) {
  seats = in_reading_order(std::move(seats));
  const auto at = std::find_if(seats.begin(), seats.end(),
                               [&](const MaterialSeat& seat) { return seat.id == id; });
  const bool stays = at == seats.end() || (move == MaterialMove::up && at == seats.begin()) ||
                     (move == MaterialMove::down && at + 1 == seats.end());
  if (!stays) {
    const auto neighbour = move == MaterialMove::up ? at - 1 : at + 1;
    if (neighbour->section == at->section)
      std::iter_swap(at, neighbour);
    else if (!at->section.empty() && !neighbour->section.empty())
      seats = with_sections_swapped(seats, at->section, neighbour->section);
  }
  number(seats);
  return seats;
}

}  // namespace narada::domain
