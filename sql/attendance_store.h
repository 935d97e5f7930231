#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/registration.h"
#include "sql/connection.h"

namespace narada::storage {

// Who was expected at a meeting and who came: registrations that hold a place, and those marked.
struct AttendanceRow {
  domain::RegistrationId id;
  domain::PersonId person;
  std::string full_name;  // empty: erased
  std::string position;
  std::optional<domain::InstitutionId> institution;
  std::string institution_name;
  domain::RegistrationStatus status = domain::RegistrationStatus::confirmed;
  domain::AttendanceMode mode = domain::AttendanceMode::onsite;
  // Before it was marked; absent: it is not marked, or the person was added at the door.
  std::optional<domain::RegistrationStatus> before;
};
// Confirmed, attended and absent, by name in Polish order.
std::vector<AttendanceRow> list_attendance(Connection& connection, domain::MeetingId meeting);

// Of these ids those that stand at the meeting, whatever their status. Precondition: the meeting's
// row is locked.
std::vector<AttendanceRow> find_attendance(Connection& connection, domain::MeetingId meeting,
                                           const std::vector<domain::RegistrationId>& ids);

// Precondition: the meeting's row is locked.
void save_attendance(Connection& connection, domain::RegistrationId registration,
                     domain::RegistrationStatus status,
                     std::optional<domain::RegistrationStatus> before, domain::Instant now);

// How many of that mode are in the room, or still expected in it: confirmed and attended.
int count_in_room(Connection& connection, domain::MeetingId meeting, domain::AttendanceMode mode);

}  // namespace narada::storage
