#include "service/usecases/registrations/calendar_ledger.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "service/domain/enum_names.h"
#include "service/usecases/list_cursor.h"
#include "service/usecases/list_names.h"
#include "service/usecases/operations.h"
#include "service/usecases/stored_things.h"
#include "sql/calendar_ledger_store.h"
#include "sql/registration_store.h"
#include "sql/stored_enum.h"

namespace narada::usecases {
namespace {

constexpr domain::EnumNames<LedgerPart, 7> kParts{
    {"all", "undelivered", "waiting", "accepted", "declined", "tentative", "unanswered"}};
static_assert(is_complete(kParts, LedgerPart::unanswered));
static_assert(static_cast<int>(LedgerPart::unanswered) ==
              static_cast<int>(storage::LedgerFilter::unanswered));

bool is_waiting(MailState state) {
  return state == MailState::queued || state == MailState::inflight ||
         state == MailState::awaiting_retry;
}

LedgerMessage to_message(storage::LedgerMessage row) {
  LedgerMessage message;
  message.mail = row.mail;
  message.kind = std::move(row.kind);
  message.state = storage::stored_enum("outgoing_mail.state", row.state, find_mail_state);
  message.uid = std::move(row.uid);
  message.message = row.message;
  message.answer = std::move(row.answer);
  message.answered_at = row.answered_at;
  message.last_code = row.last_code;
  message.last_reply = std::move(row.last_reply);
  message.created_at = row.created_at;
  message.sent_at = row.sent_at;
  return message;
}

// Oldest first; a SEQUENCE that came before is the same version.
void number_versions(std::vector<LedgerMessage>& messages) {
  std::map<int, int> versions;
  for (const auto& message : messages) versions.emplace(message.message.sequence, 0);
  int version = 0;
  for (auto& [sequence, number] : versions) number = ++version;
  for (auto& message : messages) message.version = versions.at(message.message.sequence);
}

std::vector<CalendarRecord> load_records(storage::Connection& connection,
                                         const std::vector<storage::LedgerPerson>& people) {
  std::vector<domain::RegistrationId> ids;
  for (const auto& person : people) ids.push_back(person.registration);
  std::map<domain::RegistrationId, std::vector<LedgerMessage>> messages;
  for (auto& row : storage::list_ledger_messages(connection, ids)) {
    const auto registration = row.registration;
    messages[registration].push_back(to_message(std::move(row)));
  }
  std::vector<CalendarRecord> records;
  for (const auto& person : people) {
    CalendarRecord record{person.registration, person.full_name, person.institution, person.status,
                          std::move(messages[person.registration])};
    number_versions(record.messages);
    std::reverse(record.messages.begin(), record.messages.end());
    records.push_back(std::move(record));
  }
  return records;
}

std::int64_t number_in(const std::string& key) {
  std::int64_t number = 0;
  std::from_chars(key.data(), key.data() + key.size(), number);
  return number;
}

PageOf<CalendarRecord> load_page(storage::Connection& connection,
                                 storage::LedgerSelection selection, int limit) {
  selection.limit = limit + 1;
  auto people =
      make_page(storage::list_ledger_people(connection, selection), limit,
                [](const storage::LedgerPerson& last) {
                  return ListCursor{std::string(kInvitationList), std::to_string(last.queue_number),
                                    last.registration.value};
                });
  return {load_records(connection, people.items), people.next};
}

// Names and mails of the meeting's people are both in it.
domain::Outcome<Thing> check_ledger(storage::Connection& connection, const Actor& actor,
                                    domain::MeetingId meeting) {
  const auto seen = check_meeting(connection, actor, Action::see_participants, meeting);
  if (!seen) return seen.failure();
  return check_meeting(connection, actor, Action::see_mails, meeting);
}

}  // namespace

int CalendarRecord::versions() const {
  int highest = 0;
  for (const auto& message : messages) highest = std::max(highest, message.version);
  return highest;
}

int CalendarRecord::delivered() const {
  int highest = 0;
  for (const auto& message : messages) {
    if (message.state == MailState::sent) highest = std::max(highest, message.version);
  }
  return highest;
}

bool CalendarRecord::waits() const {
  const int arrived = delivered();
  return std::any_of(messages.begin(), messages.end(), [&](const LedgerMessage& message) {
    return message.version > arrived && is_waiting(message.state);
  });
}

bool CalendarRecord::holds() const {
  return !messages.empty() && messages.front().message.method == domain::CalendarMethod::request;
}

const std::string& CalendarRecord::answer() const {
  static const std::string kNone = "needs_action";
  return messages.empty() ? kNone : messages.front().answer;
}

std::string_view to_string(LedgerPart part) { return kParts.name_of(part); }
std::optional<LedgerPart> find_ledger_part(std::string_view name) { return kParts.find(name); }

domain::Outcome<CalendarLedger> list_calendar_ledger(const Environment& environment,
                                                     const Actor& actor, domain::MeetingId meeting,
                                                     const LedgerFilterForm& filter,
                                                     const PageRequest& request) {
  storage::LedgerSelection selection;
  selection.meeting = meeting;
  selection.filter = static_cast<storage::LedgerFilter>(filter.part);
  selection.name = filter.name;
  if (const auto cursor = find_cursor(request.cursor, kInvitationList)) {
    selection.after = number_in(cursor->key);
  }
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<CalendarLedger> {
        const auto allowed = check_ledger(connection, actor, meeting);
        if (!allowed) return allowed.failure();
        const auto numbers = storage::count_ledger(connection, meeting);
        return CalendarLedger{
            {numbers.people, numbers.delivered, numbers.waiting, numbers.undelivered,
             numbers.accepted, numbers.declined, numbers.tentative},
            load_page(connection, selection, clamp_limit(request.limit))};
      });
}

domain::Outcome<std::optional<CalendarRecord>> find_calendar_record(const Environment& environment,
                                                                    const Actor& actor,
                                                                    domain::RegistrationId id) {
  using Found = std::optional<CalendarRecord>;
  return read_database(environment, [&](storage::Connection& connection) -> domain::Outcome<Found> {
    const auto stored = storage::find_registration(connection, id);
    if (!stored) return domain::NotFound{};
    const auto& registration = stored->registration;
    const auto allowed =
        check_registration(connection, actor, Action::see_registration, registration);
    if (!allowed) return allowed.failure();
    if (!stored->told.message) return Found{};
    storage::LedgerPerson person;
    person.registration = id;
    person.full_name = registration.person.full_name;
    person.status = registration.status;
    if (registration.person.institution) {
      person.institution = registration.person.institution->name;
    }
    auto records = load_records(connection, {person});
    if (records.front().messages.empty()) return Found{};
    return Found(std::move(records.front()));
  });
}

}  // namespace narada::usecases
