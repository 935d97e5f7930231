#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/registration.h"
#include "sql/connection.h"

// Changes of meetings as they are made, and how they are taken back while their mails are held.
// Everything here happens under the lock of the meeting's row.
namespace narada::storage {

// What of a registration an organizer's change can touch.
struct Standing {
  domain::RegistrationId id;
  domain::PersonId person;
  std::optional<domain::InstitutionId> institution;
  domain::RegistrationStatus status{};
  domain::AttendanceMode mode{};
  std::int64_t queue_number = 0;
  std::optional<domain::Instant> confirmed_at;
  std::optional<domain::Instant> cancelled_at;
  std::optional<domain::Instant> offer_until;
  std::optional<domain::DelegationId> delegation;
  int missed_offers = 0;
  std::int64_t version = 0;
  friend bool operator==(const Standing&, const Standing&) = default;
};
// All of the meeting's, by id.
std::vector<Standing> list_standings(Connection& connection, domain::MeetingId meeting);

// A mail that this transaction has written, with what its recipient's calendar is told.
struct WrittenMail {
  std::string facts;  // notifications::serialize(MailFacts)
  std::optional<domain::PersonId> person;
  std::optional<domain::RegistrationId> registration;
  std::optional<domain::InstitutionId> institution;
  std::string institution_name;
  std::string method;  // empty: nothing for the calendar
  int sequence = 0;
};
// In the order of the outbox.
std::vector<WrittenMail> list_written_mails(Connection& connection,
                                            const std::vector<domain::OutgoingMailId>& mails);

// On the list of invitees and not registered.
std::int64_t count_open_invitees(Connection& connection, domain::MeetingId meeting);

// The meeting's row and its parts as one JSON object, every column of them.
std::string take_snapshot(Connection& connection, domain::MeetingId meeting);

struct NewHeldChange {
  domain::MeetingId meeting;
  std::string kind;
  std::string made_by;
  domain::Instant made_at{};
  domain::Instant held_until{};
  std::int64_t version_after = 0;
  std::string before_change;
  std::string mails;
};
domain::HeldChangeId insert_held_change(Connection& connection, const NewHeldChange& change);

struct HeldChange {
  domain::HeldChangeId id;
  domain::MeetingId meeting;
  std::string kind;
  std::string made_by;
  domain::Instant made_at{};
  domain::Instant held_until{};
  std::int64_t version_after = 0;
  std::string before_change;  // only where one is read
  std::string mails;
  std::optional<domain::Instant> undone_at;
};
std::optional<HeldChange> find_held_change(Connection& connection, domain::HeldChangeId id);
// Newest first.
std::vector<HeldChange> list_held_changes(Connection& connection, domain::MeetingId meeting,
                                          int limit);
// Of the cycle's meetings: what is held at `now`.
std::vector<HeldChange> list_held_changes_of_cycle(Connection& connection, domain::CycleId cycle,
                                                   domain::Instant now);

// Locks the rows of the mails. False: a worker has, or has had, one of them in hands.
bool lock_unsent_mails(Connection& connection, const std::vector<domain::OutgoingMailId>& mails);
// The mails, what they told calendars and the links in them, as if they had never been written.
// Precondition: lock_unsent_mails() was true. recall_told() (registration_store.h) comes next.
void delete_held_mails(Connection& connection, const std::vector<domain::OutgoingMailId>& mails,
                       const std::vector<std::string>& token_hashes);

// The meeting's row, but for counters, SEQUENCE and `version`, which goes on rising, and its parts
// as the snapshot of the held change has them.
void restore_snapshot(Connection& connection, domain::MeetingId meeting, domain::HeldChangeId from,
                      domain::Instant now);
void save_sequence(Connection& connection, domain::MeetingId meeting, int sequence);
// The claim as it was, unless its version is another than `version` by now; false: it is.
bool restore_standing(Connection& connection, const Standing& before, std::int64_t version,
                      domain::Instant now);
// A claim that the change itself had made; false: it has changed since and stays.
bool delete_registration(Connection& connection, domain::RegistrationId registration,
                         std::int64_t version);
// Confirmed, waiting and pending counted again from the rows.
void recount_seats(Connection& connection, domain::MeetingId meeting);

// Undone: nothing of what was before is needed any more. The change before it, if the meeting is
// again as it left it, can be undone next.
void save_undone(Connection& connection, domain::HeldChangeId id, domain::Instant now);
void follow_version(Connection& connection, domain::MeetingId meeting, std::int64_t from,
                    std::int64_t to);
// What was kept for undoing changes whose hold is over; how many.
int forget_snapshots(Connection& connection, domain::Instant now);

}  // namespace narada::storage
