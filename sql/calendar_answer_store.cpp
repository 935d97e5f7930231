#include "sql/calendar_answer_store.h"

#include "sql/id_list.h"
#include "sql/stored_enum.h"

namespace narada::storage {

std::optional<ToldCalendar> find_told_calendar(Connection& connection,
                                               domain::RegistrationId registration) {
  constexpr std::string_view kSelect =
      "SELECT i.method = 'REQUEST', (SELECT MAX(x.sequence) FROM invitation x WHERE "
      "x.registration_id = i.registration_id AND x.method = 'REQUEST') AS told, (SELECT "
      "MAX(x.answer_dtstamp) FROM invitation x WHERE x.registration_id = i.registration_id AND "
      "x.sequence = (SELECT MAX(y.sequence) FROM invitation y WHERE y.registration_id = "
      "i.registration_id AND y.method = 'REQUEST')) FROM invitation i WHERE i.registration_id = ? "
      "ORDER BY i.id DESC LIMIT 1";
  const Rows rows = connection.query(kSelect, {registration});
  if (rows.empty() || rows[0].is_null(1)) return std::nullopt;
  ToldCalendar told;
  told.holds_meeting = rows[0].boolean(0);
  told.sequence = rows[0].small_integer(1);
  told.answer_dtstamp = rows[0].find_instant(2);
  return told;
}

void save_calendar_answer(Connection& connection, domain::RegistrationId registration, int sequence,
                          domain::CalendarAnswer answer, domain::Instant at, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE invitation SET partstat = ?, answered_at = ?, answer_dtstamp = ? WHERE "
      "registration_id = ? AND method = 'REQUEST' AND sequence = ?";
  connection.execute(kUpdate, {to_string(answer), now, at, registration, sequence});
}

void keep_calendar_answer(Connection& connection, domain::RegistrationId registration,
                          int sequence) {
  constexpr std::string_view kUpdate =
      "UPDATE (SELECT MAX(id) AS last_id, MAX(IF(answered_at IS NOT NULL, id, NULL)) AS answer_id "
      "FROM invitation WHERE registration_id = ? AND method = 'REQUEST' AND sequence = ?) told "
      "STRAIGHT_JOIN invitation answered ON answered.id = told.answer_id STRAIGHT_JOIN invitation "
      "repeated ON repeated.id = told.last_id SET repeated.partstat = answered.partstat, "
      "repeated.answered_at = answered.answered_at, repeated.answer_dtstamp = "
      "answered.answer_dtstamp";
  connection.execute(kUpdate, {registration, sequence});
}

std::vector<KnownAnswer> find_calendar_answers(
    Connection& connection, const std::vector<domain::RegistrationId>& registrations) {
  static const std::string kSelect =
      "SELECT i.registration_id, i.partstat, i.answered_at FROM invitation i WHERE "
      "i.answered_at IS NOT NULL AND i.method = 'REQUEST' AND i.registration_id" +
      std::string(kInIdList) +
      " AND i.sequence = (SELECT MAX(x.sequence) FROM invitation x WHERE x.registration_id = "
      "i.registration_id AND x.method = 'REQUEST') ORDER BY i.registration_id, i.id";
  std::vector<KnownAnswer> answers;
  if (registrations.empty()) return answers;
  for (const auto row : connection.query(kSelect, {list_of_ids(registrations)})) {
    KnownAnswer answer{
        row.id<domain::RegistrationId>(0),
        stored_enum("invitation.partstat", row.text(1), domain::find_calendar_answer),
        row.instant(2)};
    if (!answers.empty() && answers.back().registration == answer.registration) answers.pop_back();
    answers.push_back(answer);
  }
  return answers;
}

void save_decline(Connection& connection, domain::RegistrationId registration,
                  domain::ReceivedMailId mail, domain::Instant due_at) {
  constexpr std::string_view kInsert =
      "INSERT INTO calendar_decline (registration_id, inbound_mail_id, due_at) VALUES (?, ?, ?) ON "
      "DUPLICATE KEY UPDATE inbound_mail_id = VALUES(inbound_mail_id)";
  connection.execute(kInsert, {registration, mail, due_at});
}

bool remove_decline(Connection& connection, domain::RegistrationId registration) {
  return connection.execute("DELETE FROM calendar_decline WHERE registration_id = ?",
                            {registration}) == 1;
}

std::optional<domain::Instant> find_decline_due(Connection& connection,
                                                domain::RegistrationId registration) {
  const Rows rows = connection.query(
      "SELECT due_at FROM calendar_decline WHERE registration_id = ?", {registration});
  if (rows.empty()) return std::nullopt;
  return rows[0].instant(0);
}

std::vector<DueDecline> list_due_declines(Connection& connection, domain::Instant now, int limit) {
  constexpr std::string_view kSelect =
      "SELECT registration_id, inbound_mail_id FROM calendar_decline WHERE due_at <= ? ORDER BY "
      "due_at, registration_id LIMIT ?";
  std::vector<DueDecline> due;
  for (const auto row : connection.query(kSelect, {now, limit}))
    due.push_back({row.id<domain::RegistrationId>(0), row.id<domain::ReceivedMailId>(1)});
  return due;
}

}  // namespace narada::storage
