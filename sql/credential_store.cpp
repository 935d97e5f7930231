#include "sql/credential_store.h"

#include "sql/live_person.h"
#include "sql/row_batches.h"

namespace narada::storage {

Credential load_credential(Connection& connection, domain::PersonId person) {
  constexpr std::string_view kSelect =
      "SELECT c.password_hash, c.password_set_at, c.totp_secret, c.totp_begun_at, "
      "c.totp_confirmed_at, "
      "(SELECT COUNT(*) FROM recovery_code r WHERE r.person_id = c.person_id AND r.used_at IS "
      "NULL) "
      "FROM credential c WHERE c.person_id = ?";
  const Rows rows = connection.query(kSelect, {person});
  if (rows.empty()) return {};
  const auto row = rows[0];
  return {row.text(0),         row.find_instant(1), row.find_text(2),
          row.find_instant(3), row.find_instant(4), row.small_integer(5)};
}

std::optional<PasswordHolder> find_password_holder(Connection& connection,
                                                   std::string_view email_key) {
  constexpr std::string_view kSelect =
      "SELECT p.id, c.password_hash FROM person p JOIN credential c ON c.person_id = p.id "
      "WHERE p.email_key = ? AND p.erased_at IS NULL AND c.password_hash <> '' "
      "ORDER BY p.id LIMIT 1";
  const Rows rows = connection.query(kSelect, {email_key});
  if (rows.empty()) return std::nullopt;
  return PasswordHolder{rows[0].id<domain::PersonId>(0), rows[0].text(1)};
}

bool has_other_password(Connection& connection, domain::PersonId person,
                        std::string_view email_key) {
  // The people's rows are locked first: whoever else is about to set a password waits here.
  constexpr std::string_view kLock = "SELECT id FROM person WHERE email_key = ? FOR UPDATE";
  constexpr std::string_view kSelect =
      "SELECT 1 FROM person p JOIN credential c ON c.person_id = p.id "
      "WHERE p.email_key = ? AND p.id <> ? AND p.erased_at IS NULL AND c.password_hash <> '' "
      "LIMIT 1 LOCK IN SHARE MODE";
  connection.query(kLock, {email_key});
  return !connection.query(kSelect, {email_key, person}).empty();
}

bool replace_password(Connection& connection, domain::PersonId person, std::string_view hash,
                      std::string_view replaced, domain::Instant now) {
  constexpr std::string_view kInsert = "INSERT IGNORE INTO credential (person_id) VALUES (?)";
  constexpr std::string_view kUpdate =
      "UPDATE credential SET password_hash = ?, password_set_at = ? "
      "WHERE person_id = ? AND password_hash = ?";
  require_live_person(connection, person);
  connection.execute(kInsert, {person});
  const auto set_at = hash.empty() ? std::optional<domain::Instant>() : now;
  return connection.execute(kUpdate, {hash, set_at, person, replaced}) == 1;
}

bool save_totp_secret(Connection& connection, domain::PersonId person, std::string_view sealed,
                      domain::Instant now) {
  constexpr std::string_view kInsert = "INSERT IGNORE INTO credential (person_id) VALUES (?)";
  constexpr std::string_view kUpdate =
      "UPDATE credential SET totp_secret = ?, totp_begun_at = ?, totp_last_step = 0 "
      "WHERE person_id = ? AND totp_confirmed_at IS NULL";
  require_live_person(connection, person);
  connection.execute(kInsert, {person});
  return connection.execute(kUpdate, {sealed, now, person}) == 1;
}

bool confirm_totp(Connection& connection, domain::PersonId person, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE credential SET totp_confirmed_at = ? "
      "WHERE person_id = ? AND totp_secret IS NOT NULL AND totp_confirmed_at IS NULL";
  return connection.execute(kUpdate, {now, person}) == 1;
}

bool remove_totp(Connection& connection, domain::PersonId person) {
  constexpr std::string_view kUpdate =
      "UPDATE credential SET totp_secret = NULL, totp_begun_at = NULL, totp_confirmed_at = NULL, "
      "totp_last_step = 0 "
      "WHERE person_id = ? AND totp_secret IS NOT NULL";
  constexpr std::string_view kDelete = "DELETE FROM recovery_code WHERE person_id = ?";
  connection.execute(kDelete, {person});
  return connection.execute(kUpdate, {person}) == 1;
}

bool take_totp_step(Connection& connection, domain::PersonId person, std::int64_t step) {
  constexpr std::string_view kUpdate =
      "UPDATE credential SET totp_last_step = ? WHERE person_id = ? AND totp_last_step < ?";
  return connection.execute(kUpdate, {step, person, step}) == 1;
}

void replace_recovery_codes(Connection& connection, domain::PersonId person,
                            const std::vector<std::string>& hashes, domain::Instant now) {
  constexpr std::string_view kDelete = "DELETE FROM recovery_code WHERE person_id = ?";
  require_live_person(connection, person);
  connection.execute(kDelete, {person});
  std::vector<std::vector<Parameter>> rows;
  rows.reserve(hashes.size());
  for (const auto& hash : hashes) rows.push_back({hash, person, now});
  insert_rows(connection, "INSERT INTO recovery_code (code_hash, person_id, created_at) VALUES ",
              "(?, ?, ?)", rows);
}

bool take_recovery_code(Connection& connection, domain::PersonId person, std::string_view hash,
                        domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE recovery_code SET used_at = ? "
      "WHERE code_hash = ? AND person_id = ? AND used_at IS NULL";
  return connection.execute(kUpdate, {now, hash, person}) == 1;
}

std::optional<SessionBeginning> find_session_beginning(Connection& connection,
                                                       domain::SessionId session,
                                                       domain::PersonId person) {
  constexpr std::string_view kSelect =
      "SELECT created_at, method, second_factor FROM session "
      "WHERE id = ? AND person_id = ? AND state = 'open' AND ended_at IS NULL";
  const Rows rows = connection.query(kSelect, {session, person});
  if (rows.empty()) return std::nullopt;
  return SessionBeginning{rows[0].instant(0), rows[0].text(1), rows[0].boolean(2)};
}

void strengthen_session(Connection& connection, domain::SessionId session,
                        std::string_view new_token_hash) {
  constexpr std::string_view kUpdate =
      "UPDATE session SET second_factor = 1, token_hash = ? "
      "WHERE id = ? AND state = 'open' AND ended_at IS NULL";
  connection.execute(kUpdate, {new_token_hash, session});
}

std::optional<domain::PersonId> find_external_person(Connection& connection,
                                                     std::string_view issuer,
                                                     std::string_view subject) {
  constexpr std::string_view kSelect =
      "SELECT p.id FROM external_identity e "
      "JOIN person p ON p.id = e.person_id AND p.erased_at IS NULL "
      "WHERE e.issuer = ? AND e.subject = ?";
  const Rows rows = connection.query(kSelect, {issuer, subject});
  if (rows.empty()) return std::nullopt;
  return rows[0].id<domain::PersonId>(0);
}

void save_external_identity(Connection& connection, domain::PersonId person,
                            std::string_view issuer, std::string_view subject,
                            domain::Instant now) {
  // What is left of somebody who has been erased must not keep them out.
  constexpr std::string_view kDelete =
      "DELETE e FROM external_identity e "
      "JOIN person p ON p.id = e.person_id AND p.erased_at IS NOT NULL "
      "WHERE e.issuer = ? AND e.subject = ?";
  constexpr std::string_view kInsert =
      "INSERT INTO external_identity (issuer, subject, person_id, created_at) VALUES (?, ?, ?, ?)";
  require_live_person(connection, person);
  connection.execute(kDelete, {issuer, subject});
  connection.execute(kInsert, {issuer, subject, person, now});
}

void remove_external_identities(Connection& connection, domain::PersonId person) {
  constexpr std::string_view kDelete = "DELETE FROM external_identity WHERE person_id = ?";
  connection.execute(kDelete, {person});
}

}  // namespace narada::storage
