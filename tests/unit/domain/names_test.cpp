#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "service/domain/cycle.h"
#include "service/domain/institution.h"
#include "service/domain/meeting.h"
#include "service/domain/practice.h"
#include "service/domain/registration.h"

using namespace narada::domain;

namespace {

// Every name of an enumeration, found by counting up until a value has none.
template <class Enum>
std::vector<std::string> names_of() {
  std::vector<std::string> names;
  for (int value = 0;; ++value) {
    const std::string_view name = to_string(static_cast<Enum>(value));
    if (name.empty()) return names;
    names.emplace_back(name);
  }
}

template <class Enum, class Find>
void check_names(Find find, const std::vector<std::string>& expected) {
  CHECK(names_of<Enum>() == expected);
  for (std::size_t index = 0; index < expected.size(); ++index) {
    CAPTURE(expected[index]);
    CHECK(find(expected[index]) == static_cast<Enum>(index));
    CHECK_FALSE(find(expected[index] + "s").has_value());
  }
  CHECK_FALSE(find("").has_value());
}

}  // namespace

TEST_CASE("each name of the API is found again as the value that printed it") {
  check_names<InstitutionKind>(
      find_institution_kind,
      {"city_with_county_rights", "urban_municipality", "urban_rural_municipality",
       "rural_municipality", "metropolis", "county_road_authority", "university", "foundation",
       "company", "public_body", "other"});
  check_names<MeetingForm>(
      find_meeting_form, {"meeting", "workshop", "training", "webinar", "conference", "study_visit",
                          "research_walk", "field_interviews", "session"});
  check_names<MeetingStatus>(find_meeting_status, {"draft", "published", "cancelled", "binned"});
  check_names<AttendanceMode>(find_attendance_mode, {"onsite", "online"});
  check_names<TimePrecision>(find_time_precision, {"minute", "day", "month"});
  check_names<ExpertKind>(find_expert_kind, {"person", "organization"});
  check_names<CycleStatus>(find_cycle_status, {"draft", "published", "cancelled", "binned"});
  check_names<CycleRole>(find_cycle_role,
                         {"challenge_owner", "pilot", "host", "funder", "partner", "participant"});
  check_names<PracticeType>(find_practice_type, {"procedural", "investment", "it", "social",
                                                 "organizational", "promotional", "project"});
  check_names<PracticeArea>(
      find_practice_area,
      {"social_services", "technical_services", "institutional_development", "energy_efficiency",
       "ngo_cooperation", "intermunicipal_cooperation", "social_dialogue"});
  check_names<PracticeOrigin>(find_practice_origin, {"metropolis", "poland", "abroad"});
  check_names<PracticeState>(find_practice_state, {"in_progress", "implemented", "completed"});
  check_names<PracticeStatus>(find_practice_status,
                              {"draft", "submitted", "checked", "published", "archived"});
  check_names<RegistrationStatus>(
      find_registration_status,
      {"pending", "confirmed", "waitlisted", "cancelled", "declined", "attended", "absent"});
  CHECK(names_of<RegistrationState>() == std::vector<std::string>{"not_published", "cancelled",
                                                                  "past", "not_yet_open", "closed",
                                                                  "open", "waiting_list", "full"});
}

TEST_CASE("a value that is no enumerator has no name") {
  CHECK(to_string(static_cast<MeetingForm>(-1)).empty());
  CHECK(to_string(static_cast<MeetingForm>(1000)).empty());
}

TEST_CASE("only the four kinds of gmina are municipalities") {
  std::vector<std::string> municipalities;
  for (const std::string& name : names_of<InstitutionKind>()) {
    if (is_municipality(*find_institution_kind(name))) municipalities.push_back(name);
  }
  CHECK(municipalities == std::vector<std::string>{"city_with_county_rights", "urban_municipality",
                                                   "urban_rural_municipality",
                                                   "rural_municipality"});
}
