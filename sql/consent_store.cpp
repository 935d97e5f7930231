#include "sql/consent_store.h"

namespace narada::storage {
namespace {

std::optional<StoredConsent> read_consent(const Rows& rows) {
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  StoredConsent consent;
  consent.registration = row.id<domain::RegistrationId>(0);
  consent.superior_name = row.text(1);
  consent.superior_email = row.text(2);
  consent.answer = row.text(3);
  consent.note = row.text(4);
  consent.asked_at = row.instant(5);
  consent.answered_at = row.find_instant(6);
  return consent;
}

}  // namespace

std::optional<StoredConsent> find_consent(Connection& connection,
                                          domain::RegistrationId registration) {
  constexpr std::string_view kSelect =
      "SELECT registration_id, superior_name, superior_email, answer, note, asked_at, answered_at "
      "FROM superior_consent WHERE registration_id = ?";
  return read_consent(connection.query(kSelect, {registration}));
}

std::optional<StoredConsent> find_consent_by_token(Connection& connection, std::string_view hash) {
  constexpr std::string_view kSelect =
      "SELECT registration_id, superior_name, superior_email, answer, note, asked_at, answered_at "
      "FROM superior_consent WHERE token_hash = ?";
  return read_consent(connection.query(kSelect, {hash}));
}

void save_asked(Connection& connection, const StoredConsent& consent, std::string_view hash) {
  constexpr std::string_view kSave =
      "INSERT INTO superior_consent (registration_id, superior_name, superior_email, token_hash, "
      "asked_at) VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE "
      "superior_name = VALUES(superior_name), superior_email = VALUES(superior_email), "
      "token_hash = VALUES(token_hash), answer = '', note = '', asked_at = VALUES(asked_at), "
      "answered_at = NULL";
  connection.execute(kSave, {consent.registration, consent.superior_name, consent.superior_email,
                             hash, consent.asked_at});
}

bool save_answer(Connection& connection, domain::RegistrationId registration,
                 const std::string& answer, const std::string& note, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE superior_consent SET answer = ?, note = ?, answered_at = ? "
      "WHERE registration_id = ? AND answer = ''";
  return connection.execute(kUpdate, {answer, note, now, registration}) == 1;
}

}  // namespace narada::storage
