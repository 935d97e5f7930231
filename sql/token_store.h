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

// Bearer tokens of the API.
struct StoredApiToken {
  domain::TokenId id;
  std::string role;
};
domain::TokenId save_api_token(Connection& connection, std::string_view hash,
                               const std::string& name, std::string_view role, domain::Instant now);
// Absent when unknown, expired or revoked.
std::optional<StoredApiToken> find_api_token(Connection& connection, std::string_view hash,
                                             domain::Instant now);

}  // namespace narada::storage
