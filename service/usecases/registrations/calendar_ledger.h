#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/calendar_message.h"
#include "service/domain/outcome.h"
#include "service/domain/registration.h"
#include "service/usecases/environment.h"
#include "service/usecases/lists.h"
#include "service/usecases/mails/mails.h"

namespace narada::usecases {

// The ledger: what each person's calendar was told of a meeting, whether it arrived, and what came
// back.

struct LedgerMessage {
  domain::OutgoingMailId mail;
  std::string kind;  // of the mail: notifications::MailKind by name
  MailState state = MailState::queued;
  std::string uid;
  domain::CalendarMessage message;
  int version = 0;     // 1 for the first SEQUENCE; a repeated message has the version of the first
  std::string answer;  // PARTSTAT by name; "needs_action": none yet
  std::optional<domain::Instant> answered_at;
  std::optional<int> last_code;  // of the mail server
  std::string last_reply;
  domain::Instant created_at{};
  std::optional<domain::Instant> sent_at;
};

// One calendar.
struct CalendarRecord {
  domain::RegistrationId registration;
  std::string full_name;  // empty: erased
  std::string institution;
  domain::RegistrationStatus status{};
  std::vector<LedgerMessage> messages;  // the newest first

  int versions() const;   // how many there are
  int delivered() const;  // the highest that a mail server has taken; 0: none
  bool waits() const;     // a newer version than that is still to be sent
  // By the last message.
  bool holds() const;
  const std::string& answer() const;
};

enum class LedgerPart { all, undelivered, waiting, accepted, declined, tentative, unanswered };
std::string_view to_string(LedgerPart part);
std::optional<LedgerPart> find_ledger_part(std::string_view name);

struct LedgerNumbers {
  std::int64_t people = 0;                                   // whose calendars were told anything
  std::int64_t delivered = 0, waiting = 0, undelivered = 0;  // by the last message
  std::int64_t accepted = 0, declined = 0, tentative = 0;
};
struct CalendarLedger {
  LedgerNumbers numbers;
  PageOf<CalendarRecord> records;  // in order of arrival
};
struct LedgerFilterForm {
  LedgerPart part = LedgerPart::all;
  std::string name;  // a part of it
};
// For who may see the meeting's participants and its mails. Three statements, however long.
domain::Outcome<CalendarLedger> list_calendar_ledger(const Environment&, const Actor&,
                                                     domain::MeetingId, const LedgerFilterForm&,
                                                     const PageRequest&);
// Of one registration, for whoever may see it; absent: its calendar was never told anything.
domain::Outcome<std::optional<CalendarRecord>> find_calendar_record(const Environment&,
                                                                    const Actor&,
                                                                    domain::RegistrationId);

}  // namespace narada::usecases
