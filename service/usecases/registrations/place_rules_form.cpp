#include "service/usecases/registrations/place_rules_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "calendar/zone.h"
#include "service/domain/half_fixed.h"
#include "service/usecases/field_checks.h"
#include "sql/institution_store.h"

namespace narada::usecases {
namespace {

using domain::InstitutionId;

constexpr int kMostPlaces = 1'000;
constexpr int kMostOfferMinutes = 14 * 24 * 60;
constexpr std::int64_t kMostPeople = 100'000'000;
constexpr std::size_t kMostHolds = 200;
constexpr std::size_t kMostGuaranteed = 5'000;

std::optional<domain::Instant> read_end(FieldChecks& checks, const std::string& field,
                                        const std::optional<domain::WallTime>& typed,
                                        const domain::Meeting& meeting) {
  if (!typed) return std::nullopt;
  const auto end = calendar::to_instant(*typed, meeting.times.tzid).instant;
  if (end > domain::begins_at(meeting.times)) checks.add(field, "after_start");
  return end;
}

void read_limits(FieldChecks& checks, const PlaceRulesForm& form, domain::PlacePolicy& policy) {
  if (form.institution_cap) {
    checks.check_range("institution_cap", *form.institution_cap, 1, kMostPlaces);
  }
  if (form.institution_cap && *form.institution_cap < form.guaranteed_places) {
    checks.add("institution_cap", "cap_below_guarantee");
  }
  for (const auto& [field, value] : {std::pair{"smallest_population", form.smallest_population},
                                     std::pair{"largest_population", form.largest_population}}) {
    if (value) checks.check_range(field, *value, 0, kMostPeople);
  }
  if (form.smallest_population && form.largest_population &&
      *form.smallest_population > *form.largest_population) {
    checks.add("largest_population", "largest_below_smallest");
  }
  policy.institution_cap = form.institution_cap;
  policy.smallest_population = form.smallest_population;
  policy.largest_population = form.largest_population;
  policy.kinds = form.kinds;
}

std::vector<InstitutionId> read_guaranteed(storage::Connection& connection, FieldChecks& checks,
                                           const domain::Meeting& meeting,
                                           const PlaceRulesForm& form) {
  std::set<InstitutionId> ids;
  std::string unknown;
  for (const auto& key : form.guaranteed) {
    const auto found = storage::find_institution_ref(connection, key);
    if (found) ids.insert(found->id);
    if (!found) unknown += (unknown.empty() ? "" : ", ") + key;
  }
  if (!unknown.empty()) checks.add("guaranteed", "unknown_institutions", {{"names", unknown}});
  if (!form.guaranteed_association.empty()) {
    const auto members = storage::list_member_institutions(connection, form.guaranteed_association);
    ids.insert(members.begin(), members.end());
  }
  if (form.guaranteed_cycle && meeting.cycle) {
    const auto members = storage::list_cycle_institutions(connection, meeting.cycle->id);
    ids.insert(members.begin(), members.end());
  }
  checks.check_count("guaranteed", ids.size(), kMostGuaranteed);
  if (form.guaranteed_places > 0 && ids.empty() && unknown.empty()) {
    checks.add("guaranteed", "required");
  }
  return {ids.begin(), ids.end()};
}

std::vector<storage::PlaceHold> read_holds(storage::Connection& connection, FieldChecks& checks,
                                           const domain::Meeting& meeting,
                                           const PlaceRulesForm& form) {
  std::vector<storage::PlaceHold> holds;
  std::set<std::pair<InstitutionId, domain::AttendanceMode>> met;
  if (!checks.check_count("holds", form.holds.size(), kMostHolds)) return holds;
  for (std::size_t index = 0; index < form.holds.size(); ++index) {
    const PlaceHoldForm& typed = form.holds[index];
    const auto at = fmt::format("holds[{}].", index);
    const auto institution = storage::find_institution_ref(connection, typed.institution);
    if (!institution) {
      checks.add(at + "institution",
                 typed.institution.empty() ? "required" : "unknown_institution");
      continue;
    }
    checks.check_range(at + "places", typed.places, 1, kMostPlaces);
    if (!domain::seats_of(meeting, typed.mode).offered) {
      checks.add(at + "mode", "mode_not_offered");
    }
    if (!met.emplace(institution->id, typed.mode).second) {
      checks.add(at + "institution", "held_twice");
    }
    holds.push_back({institution->id, typed.mode, typed.places,
                     read_end(checks, at + "until", typed.until, meeting)});
  }
  std::sort(holds.begin(), holds.end(), [](const auto& one, const auto& other) {
    return std::pair(one.institution, domain::to_string(one.mode)) <
           std::pair(other.institution, domain::to_string(other.mode));
  });
  return holds;
}

}  // namespace

storage::PlaceRules read_place_rules(storage::Connection& connection,
                                     const domain::Meeting& meeting, const PlaceRulesForm& form,
                                     domain::FieldErrors& errors) {
  FieldChecks checks(errors);
  storage::PlaceRules rules;
  checks.check_range("guaranteed_places", form.guaranteed_places, 0, kMostPlaces);
  checks.check_range("offer_minutes", form.offer_minutes, 0, kMostOfferMinutes);
  rules.policy.guaranteed_places = form.guaranteed_places;
  rules.policy.guaranteed_until =
      read_end(checks, "guaranteed_until", form.guaranteed_until, meeting);
  rules.policy.order = form.order;
  rules.policy.offer_minutes = form.offer_minutes;
  read_limits(checks, form, rules.policy);
  rules.guaranteed = read_guaranteed(connection, checks, meeting, form);
  rules.holds = read_holds(connection, checks, meeting, form);
  return rules;
}

}  // namespace narada::usecases
