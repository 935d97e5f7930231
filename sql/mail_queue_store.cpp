#include "sql/mail_queue_store.h"

#include <utility>

#include "sql/like_pattern.h"
#include "sql/reach_condition.h"

namespace narada::storage {
namespace {

constexpr std::string_view kColumns =
    "o.id, o.kind, o.state, o.meeting_id, m.slug, m.title, o.registration_id, o.to_name, "
    "o.to_address, o.subject, o.attempts, o.last_code, o.last_reply, o.created_at, o.not_before, "
    "o.last_attempt_at, o.sent_at, o.repeated_as, o.stop_reason, o.priority";
constexpr std::string_view kFrom =
    " FROM outgoing_mail o LEFT JOIN meeting m ON m.id = o.meeting_id WHERE ";

MailRow read_mail(const Rows::Row& row) {
  MailRow mail;
  mail.id = row.id<domain::OutgoingMailId>(0);
  mail.kind = row.text(1);
  mail.state = row.text(2);
  mail.meeting = row.find_id<domain::MeetingId>(3);
  mail.meeting_slug = row.text_or_empty(4);
  mail.meeting_title = row.text_or_empty(5);
  mail.registration = row.find_id<domain::RegistrationId>(6);
  mail.to_name = row.text(7);
  mail.to_address = row.text(8);
  mail.subject = row.text(9);
  mail.attempts = row.small_integer(10);
  if (!row.is_null(11)) mail.last_code = row.small_integer(11);
  mail.last_reply = row.text(12);
  mail.created_at = row.instant(13);
  mail.not_before = row.instant(14);
  mail.last_attempt_at = row.find_instant(15);
  mail.sent_at = row.find_instant(16);
  mail.repeated_as = row.find_id<domain::OutgoingMailId>(17);
  mail.stop_reason = row.text(18);
  mail.priority = row.small_integer(19);
  return mail;
}

Condition within(const MailRowSelection& selection) {
  Condition condition;
  condition.sql = selection.of_accounts ? "(o.meeting_id IS NULL OR " : "(";
  const Condition of_meeting = meeting_within(selection.within);
  condition.sql += "(m.id IS NOT NULL AND " + of_meeting.sql + "))";
  condition.parameters = of_meeting.parameters;
  if (!selection.meeting.empty()) {
    condition.sql += " AND (m.slug = ? OR CAST(m.id AS CHAR) = ? OR m.title LIKE ?)";
    condition.parameters.emplace_back(selection.meeting);
    condition.parameters.emplace_back(selection.meeting);
    condition.parameters.emplace_back(like_anywhere(selection.meeting));
  }
  if (!selection.recipient.empty()) {
    condition.sql += " AND (o.to_address LIKE ? OR o.to_name LIKE ?)";
    condition.parameters.emplace_back(like_anywhere(selection.recipient));
    condition.parameters.emplace_back(like_anywhere(selection.recipient));
  }
  return condition;
}

std::optional<MailRow> read_one(Connection& connection, domain::OutgoingMailId id,
                                std::string_view more) {
  std::string sql = "SELECT ";
  sql.append(kColumns).append(", o.raw").append(kFrom).append("o.id = ?").append(more);
  const Rows rows = connection.query(sql, {id});
  if (rows.empty()) return std::nullopt;
  MailRow mail = read_mail(rows[0]);
  mail.raw = rows[0].find_text(20);
  return mail;
}

}  // namespace

std::vector<MailRow> list_mail_rows(Connection& connection, const MailRowSelection& selection,
                                    int limit) {
  Condition condition = within(selection);
  const auto restrict_to = [&](const char* sql, Parameter parameter) {
    condition.sql += sql;
    condition.parameters.push_back(std::move(parameter));
  };
  if (selection.unsent) {
    condition.sql +=
        " AND o.state IN ('failed', 'bounced', 'aborted') AND o.repeated_as IS NULL AND "
        "o.stop_reason <> 'organizer'";
  }
  if (selection.state) restrict_to(" AND o.state = ?", *selection.state);
  if (selection.registration) restrict_to(" AND o.registration_id = ?", *selection.registration);
  if (selection.before) restrict_to(" AND o.id < ?", *selection.before);
  restrict_to(" ORDER BY o.id DESC LIMIT ?", limit);
  std::string sql = "SELECT ";
  sql.append(kColumns).append(kFrom).append(condition.sql);
  std::vector<MailRow> mails;
  for (const auto row : connection.query(sql, condition.parameters))
    mails.push_back(read_mail(row));
  return mails;
}

std::map<std::string, std::int64_t> count_mail_rows(Connection& connection,
                                                    const MailRowSelection& selection) {
  const Condition condition = within(selection);
  std::string sql = "SELECT o.state, COUNT(*)";
  sql.append(kFrom).append(condition.sql).append(" GROUP BY o.state");
  std::map<std::string, std::int64_t> counts;
  for (const auto row : connection.query(sql, condition.parameters)) {
    counts[row.text(0)] = row.integer(1);
  }
  return counts;
}

std::optional<MailRow> find_mail_row(Connection& connection, domain::OutgoingMailId id) {
  return read_one(connection, id, "");
}

std::optional<MailRow> lock_mail_row(Connection& connection, domain::OutgoingMailId id) {
  constexpr std::string_view kLock = "SELECT id FROM outgoing_mail WHERE id = ? FOR UPDATE";
  if (connection.query(kLock, {id}).empty()) return std::nullopt;
  return read_one(connection, id, "");
}

void save_stopped(Connection& connection, domain::OutgoingMailId id,
                  const std::optional<std::string>& kept_message) {
  // Assigned from left to right: the others see `forget` as it becomes.
  constexpr std::string_view kUpdate =
      "UPDATE outgoing_mail SET state = 'aborted', stop_reason = 'organizer', claimed_by = '', "
      "claim_until = NULL, facts = '', "
      "forget = IF(EXISTS (SELECT 1 FROM person p WHERE p.id = outgoing_mail.person_id AND "
      "p.erased_at IS NOT NULL), 1, forget), raw = IF(forget = 1, NULL, ?), "
      "to_name = IF(forget = 1, '', to_name), to_address = IF(forget = 1, '', to_address), "
      "subject = IF(forget = 1, '', subject), last_reply = IF(forget = 1, '', last_reply) "
      "WHERE id = ?";
  connection.execute(kUpdate, {kept_message, id});
}

void save_requeued(Connection& connection, domain::OutgoingMailId id, domain::Instant now,
                   domain::Instant give_up_at) {
  constexpr std::string_view kUpdate =
      "UPDATE outgoing_mail SET state = 'awaiting_retry', stop_reason = '', not_before = ?, "
      "give_up_at = ?, "
      "claimed_by = '', claim_until = NULL WHERE id = ?";
  connection.execute(kUpdate, {now, give_up_at, id});
}

void save_repeated(Connection& connection, domain::OutgoingMailId id,
                   domain::OutgoingMailId repeated_as) {
  constexpr std::string_view kUpdate = "UPDATE outgoing_mail SET repeated_as = ? WHERE id = ?";
  connection.execute(kUpdate, {repeated_as, id});
}

}  // namespace narada::storage
