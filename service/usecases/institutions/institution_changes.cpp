#include "service/usecases/institutions/institution_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "service/usecases/catalogue_activity.h"

namespace narada::usecases {
namespace {

using domain::Institution;

template <class T>
std::string text_of(const std::optional<T>& value) {
  return value ? fmt::format("{}", *value) : std::string();
}

// The order is the database's, not the writer's.
std::string text_of(std::vector<std::string> values) {
  std::sort(values.begin(), values.end());
  return fmt::format("{}", fmt::join(values, "\n"));
}

std::string text_of(const std::vector<domain::AssociationMembership>& memberships) {
  std::vector<std::string> codes;
  for (const auto& membership : memberships) {
    codes.push_back(membership.code + (membership.certain ? "" : " ?"));
  }
  return text_of(std::move(codes));
}

std::vector<std::pair<std::string, std::string>> fields_of(const Institution& institution) {
  const auto& position = institution.position;
  return {{"name", institution.name},
          {"kind", std::string(to_string(institution.kind))},
          {"teryt", institution.teryt.value_or("")},
          {"county", institution.county},
          {"voivodeship", institution.voivodeship},
          {"population", text_of(institution.population)},
          {"population_year", text_of(institution.population_year)},
          {"area_km2", text_of(institution.area_km2)},
          {"latitude", position ? fmt::format("{}", position->latitude) : ""},
          {"longitude", position ? fmt::format("{}", position->longitude) : ""},
          {"website", institution.website},
          {"aliases", text_of(institution.aliases)},
          {"associations", text_of(institution.associations)}};
}

}  // namespace

std::vector<FieldChange> changes_between(const Institution& before, const Institution& after) {
  const auto old_fields = fields_of(before);
  const auto new_fields = fields_of(after);
  std::vector<FieldChange> changes;
  for (std::size_t index = 0; index < old_fields.size(); ++index) {
    const auto& [field, value] = old_fields[index];
    if (value != new_fields[index].second) {
      changes.push_back({field, value, new_fields[index].second});
    }
  }
  return changes;
}

std::string describe_changes(const std::vector<FieldChange>& changes) {
  constexpr std::array<std::string_view, 5> kTyped{"name", "county", "voivodeship", "website",
                                                   "aliases"};
  ChangeNote note;
  for (const FieldChange& change : changes) {
    if (std::find(kTyped.begin(), kTyped.end(), change.field) != kTyped.end()) {
      note.add_name(change.field);
    } else {
      note.add(change.field, change.before, change.after);
    }
  }
  return note.details();
}

}  // namespace narada::usecases
