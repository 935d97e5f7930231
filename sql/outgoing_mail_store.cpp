#include "sql/outgoing_mail_store.h"

#include <array>
#include <span>

namespace narada::storage {
namespace {

constexpr const char* kInsert =
    "INSERT INTO outgoing_mail (message_id, kind, state, person_id, meeting_id, registration_id, "
    "to_name, to_address, language, facts, not_before, give_up_at, created_at) VALUES ";
constexpr const char* kInsertedRow = "(?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

void append_parameters(std::vector<Parameter>& parameters, const NewMail& mail) {
  const std::vector<Parameter> row{
      mail.message_id,   mail.kind,       mail.person,     mail.meeting,
      mail.registration, mail.to_name,    mail.to_address, domain::to_string(mail.language),
      mail.facts,        mail.not_before, mail.give_up_at, mail.created_at};
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

}  // namespace narada::storage
