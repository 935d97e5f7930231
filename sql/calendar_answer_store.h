#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/received_mail.h"
#include "service/domain/time.h"
#include "sql/connection.h"

// What calendars have answered to what they were told.
namespace narada::storage {

// What a calendar was last told, and has last answered to that version.
struct ToldCalendar {
  bool holds_meeting = false;  // the last message was a REQUEST
  int sequence = 0;            // of the last REQUEST
  std::optional<domain::Instant> answer_dtstamp;
};
// Absent: it was never invited.
std::optional<ToldCalendar> find_told_calendar(Connection& connection,
                                               domain::RegistrationId registration);
// `at`: DTSTAMP of the answer. To every REQUEST of that version.
void save_calendar_answer(Connection& connection, domain::RegistrationId registration, int sequence,
                          domain::CalendarAnswer answer, domain::Instant at, domain::Instant now);

// What the calendar has answered to this version already stands beside the message that has just
// repeated it, the last one.
void keep_calendar_answer(Connection& connection, domain::RegistrationId registration,
                          int sequence);

struct KnownAnswer {
  domain::RegistrationId registration;
  domain::CalendarAnswer answer{};
  domain::Instant answered_at{};
};
// The answers to the last version that each calendar was told; of those that have given one.
std::vector<KnownAnswer> find_calendar_answers(
    Connection& connection, const std::vector<domain::RegistrationId>& registrations);

// A declined place, until the hold is over.
struct DueDecline {
  domain::RegistrationId registration;
  domain::ReceivedMailId mail;
};
void save_decline(Connection& connection, domain::RegistrationId registration,
                  domain::ReceivedMailId mail, domain::Instant due_at);
// False: there was none.
bool remove_decline(Connection& connection, domain::RegistrationId registration);
std::optional<domain::Instant> find_decline_due(Connection& connection,
                                                domain::RegistrationId registration);
std::vector<DueDecline> list_due_declines(Connection& connection, domain::Instant now, int limit);

}  // namespace narada::storage
