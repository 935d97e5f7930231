#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/calendar_message.h"
#include "service/domain/registration.h"
#include "sql/connection.h"

namespace narada::storage {

// A registration as its row holds it. Its person has the position, institution and language that
// were given for this meeting; queue_position is counted when the row is read.
struct StoredRegistration {
  domain::Registration registration;
  std::int64_t queue_number = 0;  // order of arrival within the meeting
  domain::CalendarTold told;      // what this person's calendar was last told
  int missed_offers = 0;          // offers of a place that ran out unanswered
};

std::optional<StoredRegistration> find_registration(Connection& connection,
                                                    domain::RegistrationId registration);
std::optional<StoredRegistration> find_registration_of(Connection& connection,
                                                       domain::MeetingId meeting,
                                                       domain::PersonId person);

struct RegistrationListing {
  std::optional<domain::RegistrationStatus> status;
  std::int64_t after = 0;  // queue_number of the last one of the page before
  int limit = 50;
  std::vector<domain::InstitutionId> of_institutions = {};  // empty: of any and none
};
// In order of arrival.
std::vector<StoredRegistration> list_registrations(Connection& connection,
                                                   domain::MeetingId meeting,
                                                   const RegistrationListing& listing);
// The first `count` of the line for that mode.
std::vector<StoredRegistration> find_first_waiting(Connection& connection,
                                                   domain::MeetingId meeting,
                                                   domain::AttendanceMode mode, int count);
// Those that are there of these, in no order.
std::vector<StoredRegistration> find_registrations(
    Connection& connection, const std::vector<domain::RegistrationId>& registrations);
// Everybody who is in: pending, confirmed, waitlisted.
std::vector<StoredRegistration> find_active_registrations(Connection& connection,
                                                          domain::MeetingId meeting);

// They, and whose calendar holds the meeting for any other reason.
std::vector<StoredRegistration> find_concerned_registrations(Connection& connection,
                                                             domain::MeetingId meeting);

// Those of one enrolment, in the order of the meetings' starts.
std::vector<StoredRegistration> find_registrations_of(Connection& connection,
                                                      domain::EnrolmentId enrolment);

// Those of one person whose meeting ends after `since`, by the meetings' starts.
std::vector<StoredRegistration> find_registrations_of_person(Connection& connection,
                                                             domain::PersonId person,
                                                             domain::Instant since);

// Sets the id, and clause_version to that of the information clause in force (0: there is none).
// Throws Duplicate when the person has a registration at the meeting, Conflict when they have been
// erased meanwhile.
void insert_registration(Connection& connection, StoredRegistration& stored);
// The clause that was accepted with this registration, by its person; nothing when none was in
// force.
void save_clause_acceptance(Connection& connection, const domain::Registration& registration,
                            domain::Instant now);
// Everything but meeting and created_at; raises the version, in `stored` too.
// Throws Duplicate when the person has another registration at the meeting.
void save_registration(Connection& connection, StoredRegistration& stored);
// Of each only what its calendar was told; neither version nor updated_at changes. Few statements
// where many were told the same.
void save_told(Connection& connection, const std::vector<StoredRegistration>& registrations);
// What the calendars of the meeting's people were told, again as the ledger has it.
void recall_told(Connection& connection, domain::MeetingId meeting);

// One calendar message, for the ledger.
struct NewInvitation {
  domain::RegistrationId registration;
  domain::OutgoingMailId mail;
  std::string uid;
  domain::CalendarMessage message;
  std::string shown;  // CalendarTold::shown
};
void save_invitations(Connection& connection, const std::vector<NewInvitation>& invitations,
                      domain::Instant now);

// A version of the information clause, or with `version` absent the one in force at `now`.
struct StoredClause {
  int version = 0;
  std::string text_pl;
  std::string text_en;
  domain::Instant valid_from{};
};
std::optional<StoredClause> find_clause(Connection& connection, std::optional<int> version,
                                        domain::Instant now);

}  // namespace narada::storage
