#include "sql/privacy_store.h"

namespace narada::storage {
namespace {

std::optional<RememberedPerson> read_person(const Rows& rows) {
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  return RememberedPerson{row.id<domain::PersonId>(0), row.text(1), row.text(2), row.text(3),
                          domain::language_or_polish(row.text(4))};
}

constexpr std::string_view kSelectPerson =
    "SELECT id, full_name, email, email_key, language FROM person WHERE id = ? AND erased_at IS "
    "NULL";

// Read first and changed by their keys, so that nothing else is locked.
void forget_mails(Connection& connection, std::string_view select,
                  const std::vector<Parameter>& parameters) {
  const Rows rows = connection.query(select, parameters);
  for (const auto row : rows) forget_mail(connection, row.id<domain::OutgoingMailId>(0));
}

void forget_claims(Connection& connection, domain::PersonId person) {
  constexpr std::string_view kStatements[] = {
      "UPDATE registration SET position = '', needs = '', diet = '', access_needs = '', "
      "interpreter = '', question = '', challenge = '', challenge_contact = 0, "
      "decline_reason = '', visible = 0, version = version + 1 WHERE person_id = ?",
      "UPDATE enrolment SET needs = '', diet = '', access_needs = '', interpreter = '', "
      "visible = 0 WHERE person_id = ?",
      "DELETE a FROM registration_answer a JOIN registration r ON r.id = a.registration_id WHERE "
      "r.person_id = ?",
      "DELETE v FROM person p JOIN invitee v ON v.person_id = p.id OR (v.email_key = p.email_key "
      "AND v.full_name = p.full_name) WHERE p.id = ?",
      "UPDATE operation SET result = '' WHERE person_id = ?",
      "DELETE c FROM superior_consent c JOIN registration r ON r.id = c.registration_id "
      "WHERE r.person_id = ?",
      "DELETE FROM delegation_reserve WHERE person_id = ?",
      "DELETE i FROM registration r JOIN inbound_mail i ON i.registration_id = r.id WHERE "
      "r.person_id = ?",
      "DELETE d FROM registration r JOIN calendar_decline d ON d.registration_id = r.id WHERE "
      "r.person_id = ?",
      "DELETE s FROM registration r JOIN substitution_proposal s ON s.registration_id = r.id WHERE "
      "r.person_id = ?",
      "DELETE t FROM registration_token t JOIN registration r ON r.id = t.registration_id "
      "WHERE r.person_id = ?",
      "DELETE p FROM registration r JOIN activity a ON a.subject = CONCAT('registration:', r.id) "
      "JOIN activity_personal p ON p.activity_id = a.id WHERE r.person_id = ?",
  };
  for (const auto statement : kStatements) connection.execute(statement, {person});
}

void forget_account(Connection& connection, domain::PersonId person) {
  constexpr std::string_view kStatements[] = {
      "DELETE FROM session WHERE person_id = ?",
      "DELETE FROM sign_in_link WHERE person_id = ?",
      "DELETE FROM credential WHERE person_id = ?",
      "DELETE FROM recovery_code WHERE person_id = ?",
      "DELETE FROM external_identity WHERE person_id = ?",
      "DELETE FROM notification_choice WHERE person_id = ?",
      "DELETE FROM topic_subscription WHERE person_id = ?",
      "DELETE FROM announcement_waiting WHERE person_id = ?",
      "DELETE FROM digest_sent WHERE person_id = ?",
      "DELETE FROM person_role WHERE person_id = ?",
      "DELETE FROM clause_acceptance WHERE person_id = ?",
      "DELETE FROM task WHERE person_id = ?",
      "DELETE FROM activity_personal WHERE person_id = ?",
      "DELETE FROM form_draft WHERE person_id = ?",
      "DELETE FROM material_taken WHERE person_id = ?",
      "UPDATE material SET added_by = NULL WHERE added_by = ?",
      "UPDATE upload SET state = 'gone' WHERE person_id = ? AND taken_at IS NULL",
      "UPDATE upload SET person_id = NULL, actor = '', file_name = '', metadata = ''"
      " WHERE person_id = ?",
      "DELETE FROM expert_task_sent WHERE person_id = ?",
      "UPDATE expert_task_answer SET answered_by = NULL WHERE answered_by = ?",
      "DELETE p FROM expert_photo p JOIN expert e ON e.id = p.expert_id AND e.kind = 'person'"
      " WHERE e.person_id = ?",
      "UPDATE expert_photo SET person_id = NULL WHERE person_id = ?",
      "DELETE FROM expert_member WHERE person_id = ?",
      "UPDATE expert SET person_id = NULL, description = '', description_en = '', "
      "version = version + 1 WHERE person_id = ?",
  };
  for (const auto statement : kStatements) connection.execute(statement, {person});
  // Lists that others have had made may hold the person; they can be made again.
  connection.execute("UPDATE task SET result = NULL, result_name = '' WHERE result IS NOT NULL");
}

}  // namespace

std::optional<RememberedPerson> find_remembered_person(Connection& connection,
                                                       domain::PersonId person) {
  return read_person(connection.query(kSelectPerson, {person}));
}

std::optional<RememberedPerson> lock_remembered_person(Connection& connection,
                                                       domain::PersonId person) {
  static const std::string kLock = std::string(kSelectPerson) + " FOR UPDATE";
  return read_person(connection.query(kLock, {person}));
}

OpenClaims find_open_claims(Connection& connection, domain::PersonId person, domain::Instant now) {
  constexpr std::string_view kEnrolments =
      "SELECT id FROM enrolment WHERE person_id = ? AND status = 'active' ORDER BY cycle_id, id";
  constexpr std::string_view kPlaces =
      "SELECT r.meeting_id, r.id FROM registration r JOIN meeting m ON m.id = r.meeting_id "
      "WHERE r.person_id = ? AND r.status IN ('pending', 'confirmed', 'waitlisted') "
      "AND IF(m.time_precision = 'month', m.ends_at, m.starts_at) > ? ORDER BY r.meeting_id";
  OpenClaims claims;
  const Rows enrolments = connection.query(kEnrolments, {person});
  for (const auto row : enrolments) claims.enrolments.push_back(row.id<domain::EnrolmentId>(0));
  const Rows places = connection.query(kPlaces, {person, now});
  for (const auto row : places)
    claims.places.push_back({row.id<domain::MeetingId>(0), row.id<domain::RegistrationId>(1)});
  return claims;
}

PersonTraces count_traces(Connection& connection, domain::PersonId person, domain::Instant now) {
  constexpr std::string_view kCounts =
      "SELECT (SELECT COUNT(*) FROM registration WHERE person_id = ?), "
      "(SELECT COUNT(*) FROM outgoing_mail WHERE person_id = ?), "
      "(SELECT COUNT(*) FROM session WHERE person_id = ?)";
  const auto row = connection.query(kCounts, {person, person, person})[0];
  PersonTraces traces;
  traces.upcoming = static_cast<int>(find_open_claims(connection, person, now).places.size());
  traces.registrations = row.small_integer(0);
  traces.mails = row.small_integer(1);
  traces.sessions = row.small_integer(2);
  return traces;
}

std::vector<StoredAcceptance> list_acceptances(Connection& connection, domain::PersonId person) {
  constexpr std::string_view kSelect =
      "SELECT a.clause_version, a.subject, COALESCE(m.title, c.title, ''), a.accepted_at "
      "FROM clause_acceptance a "
      "LEFT JOIN registration r ON a.subject = CONCAT('registration:', r.id) "
      "AND r.person_id = a.person_id "
      "LEFT JOIN meeting m ON m.id = r.meeting_id "
      "LEFT JOIN enrolment e ON a.subject = CONCAT('enrolment:', e.id) "
      "AND e.person_id = a.person_id "
      "LEFT JOIN cycle c ON c.id = e.cycle_id "
      "WHERE a.person_id = ? ORDER BY a.id DESC LIMIT 1000";
  std::vector<StoredAcceptance> acceptances;
  const Rows rows = connection.query(kSelect, {person});
  for (const auto row : rows)
    acceptances.push_back({row.small_integer(0), row.text(1), row.text(2), row.instant(3)});
  return acceptances;
}

std::vector<std::string> list_addresses(Connection& connection, domain::PersonId person) {
  constexpr std::string_view kSelect =
      "SELECT 0, email FROM person WHERE id = ? UNION "
      "SELECT 1, to_address FROM outgoing_mail WHERE person_id = ? AND to_address <> '' "
      "AND kind NOT IN ('email_change', 'consent_asked') UNION "
      "SELECT 1, email FROM sign_in_link WHERE person_id = ? AND purpose <> 'email_change' "
      "ORDER BY 1";
  std::vector<std::string> addresses;
  const Rows rows = connection.query(kSelect, {person, person, person});
  for (const auto row : rows) addresses.push_back(row.text(1));
  return addresses;
}

bool is_shared_mailbox(Connection& connection, std::string_view email_key,
                       domain::PersonId person) {
  constexpr std::string_view kSelect =
      "SELECT 1 FROM person WHERE email_key = ? AND id <> ? AND erased_at IS NULL LIMIT 1";
  return !connection.query(kSelect, {email_key, person}).empty();
}

std::vector<domain::PersonId> find_leftover_people(Connection& connection,
                                                   std::string_view email_key,
                                                   domain::PersonId person) {
  constexpr std::string_view kSelect =
      "SELECT p.id FROM person p WHERE p.email_key = ? AND p.id <> ? AND p.erased_at IS NULL "
      "AND p.email_proved_at IS NULL "
      "AND NOT EXISTS (SELECT 1 FROM registration x WHERE x.person_id = p.id) "
      "AND NOT EXISTS (SELECT 1 FROM enrolment x WHERE x.person_id = p.id) "
      "AND NOT EXISTS (SELECT 1 FROM delegation_reserve x WHERE x.person_id = p.id) "
      "AND NOT EXISTS (SELECT 1 FROM person_role x WHERE x.person_id = p.id) "
      "AND NOT EXISTS (SELECT 1 FROM session x WHERE x.person_id = p.id) "
      "AND NOT EXISTS (SELECT 1 FROM api_token x WHERE x.person_id = p.id) "
      "AND NOT EXISTS (SELECT 1 FROM external_identity x WHERE x.person_id = p.id) "
      "ORDER BY p.id";
  std::vector<domain::PersonId> people;
  const Rows rows = connection.query(kSelect, {email_key, person});
  for (const auto row : rows) people.push_back(row.id<domain::PersonId>(0));
  return people;
}

// What has ended is forgotten at once; what is about a meeting, or the farewell, may still arrive.
// The conditions mean the same before and after the state is set, in whatever order the server
// assigns.
void forget_mail(Connection& connection, domain::OutgoingMailId mail) {
  constexpr std::string_view kUpdate =
      "UPDATE outgoing_mail SET forget = 1, "
      "state = IF(state IN ('queued', 'awaiting_retry') AND registration_id IS NULL AND "
      "kind <> 'account_erased', 'aborted', state), "
      "to_name = IF(state IN ('queued', 'awaiting_retry', 'inflight'), to_name, ''), "
      "to_address = IF(state IN ('queued', 'awaiting_retry', 'inflight'), to_address, ''), "
      "facts = IF(state IN ('queued', 'awaiting_retry', 'inflight'), facts, ''), "
      "subject = IF(state IN ('queued', 'awaiting_retry', 'inflight'), subject, ''), "
      "raw = IF(state IN ('queued', 'awaiting_retry', 'inflight'), raw, NULL), "
      "last_reply = IF(state IN ('queued', 'awaiting_retry', 'inflight'), last_reply, '') "
      "WHERE id = ?";
  connection.execute(kUpdate, {mail});
}

void forget_person(Connection& connection, domain::PersonId person, std::string_view key,
                   domain::Instant now) {
  constexpr std::string_view kTokens =
      "UPDATE api_token SET name = '', revoked_at = COALESCE(revoked_at, ?) WHERE person_id = ?";
  constexpr std::string_view kTombstone =
      "UPDATE person SET full_name = '', email = '', name_key = ?, email_key = ?, position = '', "
      "unit = '', phone = '', institution_id = NULL, email_proved_at = NULL, feed_generation = 0, "
      "erased_at = ?, updated_at = ?, version = version + 1 WHERE id = ?";
  forget_mails(connection,
               "SELECT id FROM outgoing_mail WHERE person_id = ? UNION SELECT m.id FROM "
               "registration r JOIN outgoing_mail m ON m.registration_id = r.id "
               "WHERE r.person_id = ? ORDER BY 1",
               {person, person});
  forget_mails(connection,
               "SELECT n.outgoing_mail_id FROM registration r JOIN inbound_mail i ON "
               "i.registration_id = r.id JOIN inbound_mail_notice n ON n.inbound_mail_id = i.id "
               "JOIN outgoing_mail o ON o.id = n.outgoing_mail_id WHERE r.person_id = ? ORDER BY 1",
               {person});
  forget_claims(connection, person);
  forget_account(connection, person);
  connection.execute(kTokens, {now, person});
  connection.execute(kTombstone, {key, key, now, now, person});
}

void forget_mailbox(Connection& connection, std::string_view address, std::string_view email_key,
                    domain::PersonId person) {
  // Compared without regard to case, as the column is.
  forget_mails(connection,
               "SELECT id FROM outgoing_mail WHERE to_address = ? AND (person_id IS NULL OR "
               "person_id = ? OR kind = 'consent_asked') ORDER BY id",
               {address, person});
  connection.execute(
      "UPDATE superior_consent SET superior_name = '', superior_email = '' WHERE superior_email = "
      "?",
      {address});
  connection.execute("DELETE FROM inbound_mail WHERE from_address = ?", {address});
  connection.execute("DELETE FROM substitution_proposal WHERE email = ?", {address});
  connection.execute("DELETE FROM mail_address WHERE email_key = ?", {email_key});
  connection.execute(
      "DELETE FROM invitee WHERE email_key = ? AND (person_id IS NULL OR person_id = ?)",
      {email_key, person});
  connection.execute(
      "DELETE FROM sign_in_link WHERE email_key = ? AND (person_id IS NULL OR person_id = ?)",
      {email_key, person});
}

}  // namespace narada::storage
