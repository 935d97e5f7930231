#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "service/domain/fair_places.h"
#include "service/domain/meeting.h"
#include "sql/connection.h"

namespace narada::storage {

// Places that organizers keep for one institution.
struct PlaceHold {
  domain::InstitutionId institution;
  domain::AttendanceMode mode = domain::AttendanceMode::onsite;
  int places = 0;
  std::optional<domain::Instant> until;  // absent: until the meeting begins
  friend bool operator==(const PlaceHold&, const PlaceHold&) = default;
};

// The rules of one meeting. policy.version 0: there are none.
struct PlaceRules {
  domain::PlacePolicy policy;
  std::vector<domain::InstitutionId> guaranteed;  // by id
  std::vector<PlaceHold> holds;                   // by institution and mode
  friend bool operator==(const PlaceRules&, const PlaceRules&) = default;
};

// Which mode's book is which, everywhere: the index is that of domain::AttendanceMode.
using PlaceBooks = std::array<domain::PlaceBook, 2>;
inline std::size_t book_index(domain::AttendanceMode mode) {
  return static_cast<std::size_t>(mode);
}

PlaceRules find_place_rules(Connection& connection, domain::MeetingId meeting);

// Replaces all of them and raises the version of the policy. What had run out before and lies in
// the future now counts again. Precondition: the meeting's row is locked.
void save_place_rules(Connection& connection, domain::MeetingId meeting, const PlaceRules& rules,
                      domain::Instant now);

// Whether place_policy, place_hold or delegation has a row of the meeting, and writes that down in
// the meeting's row. Precondition: it is locked.
bool save_has_place_rules(Connection& connection, domain::MeetingId meeting);

// What the rules and the registrations say; seats, waitlist and beginning are the caller's.
// People who have been erased are not in the line. Consistent under the lock of the meeting's row.
PlaceBooks load_place_books(Connection& connection, domain::MeetingId meeting);

// What a rule by kind or population asks of an institution.
domain::Claimant find_claimant(Connection& connection, domain::InstitutionId institution);

bool has_place_rules(Connection& connection, domain::MeetingId meeting);
// Why the registration got its place, as the log says; absent where it does not.
std::optional<domain::PlaceReason> find_logged_reason(Connection& connection,
                                                      domain::RegistrationId registration);

// By name in Polish order; of merged ones too.
std::vector<domain::InstitutionRef> find_institution_refs(
    Connection& connection, const std::vector<domain::InstitutionId>& institutions);
// The active members of an association, by its code; the institutions of a cycle, in any role.
std::vector<domain::InstitutionId> list_member_institutions(Connection& connection,
                                                            std::string_view association);
std::vector<domain::InstitutionId> list_cycle_institutions(Connection& connection,
                                                           domain::CycleId cycle);

// Meetings with rules of places at which one of the two institutions has anybody or anything; by
// id.
std::vector<domain::MeetingId> find_meetings_with_rules(Connection& connection,
                                                        domain::InstitutionId one,
                                                        domain::InstitutionId other);

// Published meetings, not begun, of which a guarantee, a hold or an offer has run out and has not
// been dealt with; by id.
std::vector<domain::MeetingId> find_meetings_with_places_due(Connection& connection,
                                                             domain::Instant now);
// Guarantees and holds that have run out are dealt with. True: there were some.
bool mark_places_released(Connection& connection, domain::MeetingId meeting, domain::Instant now);

}  // namespace narada::storage
