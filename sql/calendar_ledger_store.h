#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/calendar_message.h"
#include "service/domain/registration.h"
#include "sql/connection.h"

// What each person's calendar was told of a meeting, and what came of it (table invitation).
namespace narada::storage {

struct LedgerMessage {
  domain::RegistrationId registration;
  domain::OutgoingMailId mail;
  std::string kind;   // of the mail: notifications::MailKind by name
  std::string state;  // of the mail
  std::string uid;
  domain::CalendarMessage message;
  std::string answer;  // PARTSTAT by name: needs_action, accepted, declined, tentative, delegated
  std::optional<domain::Instant> answered_at;
  std::optional<int> last_code;
  std::string last_reply;
  domain::Instant created_at{};
  std::optional<domain::Instant> sent_at;
};

struct LedgerPerson {
  domain::RegistrationId registration;
  std::string full_name;  // empty: erased
  std::string institution;
  domain::RegistrationStatus status{};
  std::int64_t queue_number = 0;
};

// By the mail of the last message, or the answer to it.
enum class LedgerFilter { all, undelivered, waiting, accepted, declined, tentative, unanswered };

struct LedgerSelection {
  domain::MeetingId meeting;
  LedgerFilter filter = LedgerFilter::all;
  std::string name;        // a part of it; empty: anybody
  std::int64_t after = 0;  // queue_number of the last one of the page before
  int limit = 50;
};
// Those whose calendar was told anything, in order of arrival.
std::vector<LedgerPerson> list_ledger_people(Connection& connection,
                                             const LedgerSelection& selection);
// How many calendars the meeting's people have been told, by what became of the last message.
struct LedgerNumbers {
  std::int64_t people = 0;
  std::int64_t delivered = 0;
  std::int64_t waiting = 0;
  std::int64_t undelivered = 0;
  std::int64_t accepted = 0;
  std::int64_t declined = 0;
  std::int64_t tentative = 0;
};
LedgerNumbers count_ledger(Connection& connection, domain::MeetingId meeting);
// All of these registrations, oldest first.
std::vector<LedgerMessage> list_ledger_messages(
    Connection& connection, const std::vector<domain::RegistrationId>& registrations);
// Of those that are to be sent all over: whose calendar was told anything and who are not erased.
std::vector<domain::RegistrationId> list_told_registrations(Connection& connection,
                                                            domain::MeetingId meeting);

// The last message to one calendar: when it was written, and whether it still waits to be sent.
struct LastTold {
  domain::Instant created_at{};
  bool waits = false;
};
std::optional<LastTold> find_last_told(Connection& connection, domain::RegistrationId registration);

}  // namespace narada::storage
