#include "sql/token_store.h"

#include "sql/row_batches.h"

namespace narada::storage {

void save_manage_tokens(Connection& connection, const std::vector<NewManageToken>& tokens,
                        domain::Instant now) {
  std::vector<std::vector<Parameter>> rows;
  rows.reserve(tokens.size());
  for (const auto& token : tokens) rows.push_back({token.hash, token.registration, now});
  insert_rows(connection,
              "INSERT INTO registration_token (token_hash, registration_id, created_at) VALUES ",
              "(?, ?, ?)", rows);
}

std::optional<domain::RegistrationId> find_registration_by_token(Connection& connection,
                                                                 std::string_view hash) {
  constexpr std::string_view kSelect =
      "SELECT registration_id FROM registration_token WHERE token_hash = ?";
  const Rows rows = connection.query(kSelect, {hash});
  if (rows.empty()) return std::nullopt;
  return rows[0].id<domain::RegistrationId>(0);
}

domain::TokenId save_api_token(Connection& connection, std::string_view hash,
                               const std::string& name, std::string_view role,
                               domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO api_token (token_hash, name, role, created_at) VALUES (?, ?, ?, ?) "
      "RETURNING id";
  return domain::TokenId{connection.insert(kInsert, {hash, name, role, now})};
}

std::optional<StoredApiToken> find_api_token(Connection& connection, std::string_view hash,
                                             domain::Instant now) {
  constexpr std::string_view kSelect =
      "SELECT id, role FROM api_token WHERE token_hash = ? AND revoked_at IS NULL "
      "AND (expires_at IS NULL OR expires_at > ?)";
  const Rows rows = connection.query(kSelect, {hash, now});
  if (rows.empty()) return std::nullopt;
  return StoredApiToken{rows[0].id<domain::TokenId>(0), rows[0].text(1)};
}

}  // namespace narada::storage
