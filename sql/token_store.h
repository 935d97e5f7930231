#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/time.h"
#include "sql/connection.h"

namespace narada::storage {

// Tokens are stored as their SHA-256 (32 bytes) only.

struct NewManageToken {
  std::string hash;
  domain::RegistrationId registration;
};
// Links to /z/.
void save_manage_tokens(Connection& connection, const std::vector<NewManageToken>& tokens,
                        domain::Instant now);
std::optional<domain::RegistrationId> find_registration_by_token(Connection& connection,
                                                                 std::string_view hash);

// Bearer tokens of the API: of a person, or with a role of their own.
struct NewApiToken {
  std::string hash;
  std::string name;
  std::string role;  // empty for a person's
  std::optional<domain::PersonId> person = {};
  std::string access = "write";  // "read", "write"
  std::optional<domain::Instant> expires_at = {};
  bool strong = false;  // made in a session with a second factor
};
struct StoredApiToken {
  domain::TokenId id;
  std::string name;
  std::string role;
  std::optional<domain::PersonId> person;
  std::string access;
  domain::Instant created_at{};
  std::optional<domain::Instant> expires_at;
  std::optional<domain::Instant> last_used_at;
  bool strong = false;
};
domain::TokenId save_api_token(Connection& connection, const NewApiToken& token,
                               domain::Instant now);
// Those that open something now: not one that is expired, revoked or of somebody erased.
std::optional<StoredApiToken> find_api_token(Connection& connection, std::string_view hash,
                                             domain::Instant now);
std::optional<StoredApiToken> find_api_token(Connection& connection, domain::TokenId id,
                                             domain::Instant now);
// Of one person, the last made first; at most `limit`.
std::vector<StoredApiToken> list_api_tokens(Connection& connection, domain::PersonId person,
                                            domain::Instant now, int limit);
// False when it was revoked before.
bool revoke_api_token(Connection& connection, domain::TokenId id, domain::Instant now);
// All of one person.
void revoke_api_tokens(Connection& connection, domain::PersonId person, domain::Instant now);
// Does not wait for anybody: throws Error when somebody else holds the row.
void note_api_token_use(Connection& connection, domain::TokenId id, domain::Instant now);

}  // namespace narada::storage
