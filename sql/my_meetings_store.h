#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/fellows.h"
#include "service/domain/meeting.h"
#include "service/domain/registration.h"
#include "sql/connection.h"
#include "sql/registration_store.h"
#include "sql/seat_store.h"

namespace narada::storage {

// A registration of one person as a list of theirs shows it.
struct MyRegistrationRow {
  domain::RegistrationId id;
  domain::RegistrationStatus status = domain::RegistrationStatus::pending;
  domain::AttendanceMode mode = domain::AttendanceMode::onsite;
  std::optional<int> queue_position;  // 1 = next; only while waitlisted
  std::optional<domain::EnrolmentId> enrolment;
  domain::MeetingSummary meeting;
  bool in_bin = false;  // then the meeting has the status that it had before
};
// By the meetings' starts; of more than `limit` the latest. One statement.
std::vector<MyRegistrationRow> list_my_registrations(Connection& connection,
                                                     domain::PersonId person, int limit);

// A cycle in which the person is enrolled as a whole.
struct MyCycleRow {
  domain::EnrolmentId enrolment;
  std::string slug;
  std::string title;
  std::optional<domain::Instant> next_start;  // of a published meeting to come
  bool next_is_half_fixed = false;            // of that one the month alone is known
};
// By title; not those that are over (each meeting cancelled or past) or cancelled. One statement.
std::vector<MyCycleRow> list_my_cycles(Connection& connection, domain::PersonId person,
                                       domain::Instant now);

// Of the key of a person's calendar feed; 0: there is none. Absent: nobody, or erased.
std::optional<int> find_feed_generation(Connection& connection, domain::PersonId person);
// From `seen` to the next one; false: it was another by then, nothing is written.
bool raise_feed_generation(Connection& connection, domain::PersonId person, int seen,
                           domain::Instant now);

// Everything that the person's calendar is told: their registrations whose meeting ends after
// `since`, and the meeting of each, side by side. Three statements.
struct MyCalendarEntry {
  StoredRegistration stored;
  SeatedMeeting seated;
};
std::vector<MyCalendarEntry> list_my_calendar(Connection& connection, domain::PersonId person,
                                              domain::Instant since);

// Who is registered at the meeting of `registration`: everybody with a place, and the holder of
// that registration whatever its state; who was erased is of no institution and not visible. By
// institution, then name. One statement.
struct Participant {
  domain::RegistrationId registration;
  domain::Participation participation;
  std::string full_name;
  std::string institution;
};
std::vector<Participant> list_participants(Connection& connection,
                                           domain::RegistrationId registration);

}  // namespace narada::storage
