#include "sql/token_store.h"

#include "sql/live_person.h"
#include "sql/row_batches.h"

namespace narada::storage {
namespace {

constexpr std::string_view kLiveTokens =
    "SELECT t.id, t.name, t.role, t.person_id, t.access, t.created_at, t.expires_at, "
    "t.last_used_at, t.strong FROM api_token t LEFT JOIN person p ON p.id = t.person_id "
    "WHERE t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > ?) "
    "AND p.erased_at IS NULL";

StoredApiToken read_token(const Rows::Row& row) {
  StoredApiToken token;
  token.id = row.id<domain::TokenId>(0);
  token.name = row.text(1);
  token.role = row.text(2);
  token.person = row.find_id<domain::PersonId>(3);
  token.access = row.text(4);
  token.created_at = row.instant(5);
  token.expires_at = row.find_instant(6);
  token.last_used_at = row.find_instant(7);
  token.strong = row.boolean(8);
  return token;
}

std::optional<StoredApiToken> find_live_token(Connection& connection, std::string_view condition,
                                              Parameter key, domain::Instant now) {
  std::string sql(kLiveTokens);
  sql += condition;
  const Rows rows = connection.query(sql, {now, std::move(key)});
  if (rows.empty()) return std::nullopt;
  return read_token(rows[0]);
}

}  // namespace

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

domain::TokenId save_api_token(Connection& connection, const NewApiToken& token,
                               domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO api_token (token_hash, name, role, person_id, access, created_at, expires_at, "
      "strong) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
  if (token.person) require_live_person(connection, *token.person);
  return domain::TokenId{
      connection.insert(kInsert, {token.hash, token.name, token.role, token.person, token.access,
                                  now, token.expires_at, token.strong})};
}

std::optional<StoredApiToken> find_api_token(Connection& connection, std::string_view hash,
                                             domain::Instant now) {
  return find_live_token(connection, " AND t.token_hash = ?", hash, now);
}

std::optional<StoredApiToken> find_api_token(Connection& connection, domain::TokenId id,
                                             domain::Instant now) {
  return find_live_token(connection, " AND t.id = ?", id, now);
}

std::vector<StoredApiToken> list_api_tokens(Connection& connection, domain::PersonId person,
                                            domain::Instant now, int limit) {
  std::string sql(kLiveTokens);
  sql += " AND t.person_id = ? ORDER BY t.id DESC LIMIT ?";
  std::vector<StoredApiToken> tokens;
  for (const auto row : connection.query(sql, {now, person, limit})) {
    tokens.push_back(read_token(row));
  }
  return tokens;
}

bool revoke_api_token(Connection& connection, domain::TokenId id, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE api_token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL";
  return connection.execute(kUpdate, {now, id}) == 1;
}

void revoke_api_tokens(Connection& connection, domain::PersonId person, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE api_token SET revoked_at = ? WHERE person_id = ? AND revoked_at IS NULL";
  connection.execute(kUpdate, {now, person});
}

void note_api_token_use(Connection& connection, domain::TokenId id, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "SET STATEMENT innodb_lock_wait_timeout = 0 FOR "
      "UPDATE api_token SET last_used_at = ? WHERE id = ? "
      "AND (last_used_at IS NULL OR last_used_at < ?)";
  connection.execute(kUpdate, {now, id, now});
}

}  // namespace narada::storage
