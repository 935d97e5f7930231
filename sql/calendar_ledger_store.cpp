#include "sql/calendar_ledger_store.h"

#include "sql/id_list.h"
#include "sql/like_pattern.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

// The last message of a registration `r` with its mail.
constexpr std::string_view kLast =
    "JOIN invitation i ON i.id = (SELECT MAX(l.id) FROM invitation l WHERE l.registration_id = "
    "r.id) JOIN outgoing_mail o ON o.id = i.outgoing_mail_id ";

constexpr std::string_view kWaits = "o.state IN ('queued', 'inflight', 'awaiting_retry')";
constexpr std::string_view kUndelivered = "o.state IN ('failed', 'bounced', 'aborted')";

std::string condition_of(LedgerFilter filter) {
  switch (filter) {
    case LedgerFilter::all:
      return {};
    case LedgerFilter::undelivered:
      return " AND " + std::string(kUndelivered);
    case LedgerFilter::waiting:
      return " AND " + std::string(kWaits);
    case LedgerFilter::accepted:
      return " AND i.partstat = 'accepted'";
    case LedgerFilter::declined:
      return " AND i.partstat = 'declined'";
    case LedgerFilter::tentative:
      return " AND i.partstat = 'tentative'";
    case LedgerFilter::unanswered:
      return " AND i.partstat = 'needs_action' AND i.method = 'REQUEST'";
  }
  return {};
}

LedgerMessage read_message(const Rows::Row& row) {
  LedgerMessage message;
  message.registration = row.id<domain::RegistrationId>(0);
  message.mail = row.id<domain::OutgoingMailId>(1);
  message.kind = row.text(2);
  message.state = row.text(3);
  message.uid = row.text(4);
  message.message.method =
      row.text(5) == "REQUEST" ? domain::CalendarMethod::request : domain::CalendarMethod::cancel;
  message.message.sequence = row.small_integer(6);
  message.answer = row.text(7);
  message.answered_at = row.find_instant(8);
  if (const auto code = row.find_integer(9)) message.last_code = static_cast<int>(*code);
  message.last_reply = row.text(10);
  message.created_at = row.instant(11);
  message.sent_at = row.find_instant(12);
  return message;
}

}  // namespace

std::vector<LedgerPerson> list_ledger_people(Connection& connection,
                                             const LedgerSelection& selection) {
  std::string sql =
      "SELECT r.id, p.full_name, COALESCE(n.name, ''), r.status, r.queue_number FROM registration "
      "r JOIN person p ON p.id = r.person_id LEFT JOIN institution n ON n.id = r.institution_id ";
  sql += kLast;
  sql += "WHERE r.meeting_id = ? AND r.queue_number > ?" + condition_of(selection.filter);
  std::vector<Parameter> parameters{selection.meeting, selection.after};
  if (!selection.name.empty()) {
    sql += " AND p.full_name LIKE ?";
    parameters.emplace_back(like_anywhere(selection.name));
  }
  sql += " ORDER BY r.queue_number LIMIT ?";
  parameters.emplace_back(selection.limit);
  std::vector<LedgerPerson> people;
  for (const auto row : connection.query(sql, parameters)) {
    people.push_back(
        {row.id<domain::RegistrationId>(0), row.text(1), row.text(2),
         stored_enum("registration.status", row.text(3), domain::find_registration_status),
         row.integer(4)});
  }
  return people;
}

LedgerNumbers count_ledger(Connection& connection, domain::MeetingId meeting) {
  static const std::string kSelect =
      "SELECT COUNT(*), COALESCE(SUM(o.state = 'sent'), 0), COALESCE(SUM(" + std::string(kWaits) +
      "), 0), COALESCE(SUM(" + std::string(kUndelivered) +
      "), 0), COALESCE(SUM(i.partstat = 'accepted'), 0), COALESCE(SUM(i.partstat = 'declined'), "
      "0), COALESCE(SUM(i.partstat = 'tentative'), 0) FROM registration r " +
      std::string(kLast) + "WHERE r.meeting_id = ?";
  const Rows rows = connection.query(kSelect, {meeting});
  const auto row = rows[0];
  return {row.integer(0), row.integer(1), row.integer(2), row.integer(3),
          row.integer(4), row.integer(5), row.integer(6)};
}

std::vector<LedgerMessage> list_ledger_messages(
    Connection& connection, const std::vector<domain::RegistrationId>& registrations) {
  static const std::string kSelect =
      "SELECT i.registration_id, i.outgoing_mail_id, o.kind, o.state, i.uid, i.method, i.sequence, "
      "i.partstat, i.answered_at, o.last_code, o.last_reply, i.created_at, o.sent_at FROM "
      "invitation i JOIN outgoing_mail o ON o.id = i.outgoing_mail_id WHERE i.registration_id" +
      std::string(kInIdList) + " ORDER BY i.id";
  std::vector<LedgerMessage> messages;
  if (registrations.empty()) return messages;
  for (const auto row : connection.query(kSelect, {list_of_ids(registrations)})) {
    messages.push_back(read_message(row));
  }
  return messages;
}

std::vector<domain::RegistrationId> list_told_registrations(Connection& connection,
                                                            domain::MeetingId meeting) {
  constexpr std::string_view kSelect =
      "SELECT r.id FROM registration r JOIN person p ON p.id = r.person_id WHERE r.meeting_id = ? "
      "AND r.calendar_sequence IS NOT NULL AND p.erased_at IS NULL ORDER BY r.queue_number";
  std::vector<domain::RegistrationId> ids;
  for (const auto row : connection.query(kSelect, {meeting})) {
    ids.push_back(row.id<domain::RegistrationId>(0));
  }
  return ids;
}

std::optional<LastTold> find_last_told(Connection& connection,
                                       domain::RegistrationId registration) {
  static const std::string kSelect = "SELECT i.created_at, " + std::string(kWaits) +
                                     " FROM invitation i JOIN outgoing_mail o ON o.id = "
                                     "i.outgoing_mail_id WHERE i.registration_id = ? ORDER BY i.id "
                                     "DESC LIMIT 1";
  const Rows rows = connection.query(kSelect, {registration});
  if (rows.empty()) return std::nullopt;
  return LastTold{rows[0].instant(0), rows[0].boolean(1)};
}

}  // namespace narada::storage
