#include "sql/outgoing_mail_store.h"

#include <array>
#include <span>

#include "sql/reach_condition.h"

namespace narada::storage {
namespace {

constexpr const char* kInsert =
    "INSERT INTO outgoing_mail (message_id, kind, state, person_id, meeting_id, registration_id, "
    "to_name, to_address, language, priority, facts, not_before, give_up_at, created_at) VALUES ";
constexpr const char* kInsertedRow = "(?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

void append_parameters(std::vector<Parameter>& parameters, const NewMail& mail) {
  const std::vector<Parameter> row{
      mail.message_id,   mail.kind,    mail.person,     mail.meeting,
      mail.registration, mail.to_name, mail.to_address, domain::to_string(mail.language),
      mail.priority,     mail.facts,   mail.not_before, mail.give_up_at,
      mail.created_at};
  parameters.insert(parameters.end(), row.begin(), row.end());
}

void insert_batch(Connection& connection, std::span<const NewMail> mails,
                  std::vector<domain::OutgoingMailId>& ids) {
  std::string sql = kInsert;
  std::vector<Parameter> parameters;
  for (std::size_t index = 0; index < mails.size(); ++index) {
    sql += index == 0 ? "" : ", ";
    sql += kInsertedRow;
    append_parameters(parameters, mails[index]);
  }
  sql += " RETURNING id";
  const Rows inserted = connection.query(sql, parameters);
  for (const auto row : inserted) ids.push_back(row.id<domain::OutgoingMailId>(0));
}

constexpr const char* kReadColumns =
    "id, message_id, kind, state, meeting_id, registration_id, to_name, to_address, subject, "
    "attempts, last_code, last_reply, created_at, not_before, sent_at";

StoredMail to_stored_mail(const Rows::Row& row) {
  StoredMail mail;
  mail.id = row.id<domain::OutgoingMailId>(0);
  mail.message_id = row.text(1);
  mail.kind = row.text(2);
  mail.state = row.text(3);
  mail.meeting = row.find_id<domain::MeetingId>(4);
  mail.registration = row.find_id<domain::RegistrationId>(5);
  mail.to_name = row.text(6);
  mail.to_address = row.text(7);
  mail.subject = row.text(8);
  mail.attempts = row.small_integer(9);
  if (!row.is_null(10)) mail.last_code = row.small_integer(10);
  mail.last_reply = row.text(11);
  mail.created_at = row.instant(12);
  mail.not_before = row.instant(13);
  mail.sent_at = row.find_instant(14);
  return mail;
}

Condition mail_within(const MailSelection& selection) {
  Condition condition;
  condition.sql = selection.of_accounts ? " AND (meeting_id IS NULL OR " : " AND (";
  if (selection.within.all) {
    condition.sql += "meeting_id IS NOT NULL)";
    return condition;
  }
  const Condition of_meeting = meeting_within(selection.within);
  condition.sql += "EXISTS (SELECT 1 FROM meeting m WHERE m.id = outgoing_mail.meeting_id AND " +
                   of_meeting.sql + "))";
  condition.parameters = of_meeting.parameters;
  return condition;
}

}  // namespace

domain::OutgoingMailId save_outgoing_mail(Connection& connection, const NewMail& mail) {
  return save_outgoing_mails(connection, {mail}).front();
}

std::vector<domain::OutgoingMailId> save_outgoing_mails(Connection& connection,
                                                        const std::vector<NewMail>& mails) {
  // Few sizes, so that the statements stay in the connection's cache.
  constexpr std::array<std::size_t, 3> kBatchSizes{64, 8, 1};
  std::vector<domain::OutgoingMailId> ids;
  ids.reserve(mails.size());
  std::span<const NewMail> left(mails);
  for (const std::size_t size : kBatchSizes) {
    for (; left.size() >= size; left = left.subspan(size)) {
      insert_batch(connection, left.first(size), ids);
    }
  }
  return ids;
}

std::vector<StoredMail> list_outgoing_mails(Connection& connection, const MailSelection& selection,
                                            int limit) {
  std::string sql = "SELECT " + std::string(kReadColumns) + " FROM outgoing_mail WHERE TRUE";
  std::vector<Parameter> parameters;
  const auto restrict_to = [&](const char* condition, Parameter parameter) {
    sql += condition;
    parameters.push_back(std::move(parameter));
  };
  if (selection.state) restrict_to(" AND state = ?", *selection.state);
  if (selection.meeting) restrict_to(" AND meeting_id = ?", *selection.meeting);
  if (selection.before) restrict_to(" AND id < ?", *selection.before);
  const Condition within = mail_within(selection);
  sql += within.sql;
  parameters.insert(parameters.end(), within.parameters.begin(), within.parameters.end());
  restrict_to(" ORDER BY id DESC LIMIT ?", limit);
  std::vector<StoredMail> mails;
  const Rows found = connection.query(sql, parameters);
  for (const auto row : found) mails.push_back(to_stored_mail(row));
  return mails;
}

std::optional<StoredMail> find_outgoing_mail(Connection& connection, domain::OutgoingMailId id) {
  static const std::string kSelect =
      "SELECT " + std::string(kReadColumns) + ", raw FROM outgoing_mail WHERE id = ?";
  const Rows found = connection.query(kSelect, {id});
  if (found.empty()) return std::nullopt;
  StoredMail mail = to_stored_mail(found[0]);
  mail.raw = found[0].find_text(15);
  return mail;
}

}  // namespace narada::storage
