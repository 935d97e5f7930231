#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/time.h"
#include "sql/connection.h"

namespace narada::storage {

// What a person proves themselves with: a password as argon2id, the sealed secret of one-time
// codes, recovery codes as SHA-256 (32 bytes), and who a directory says that they are.

struct Credential {
  std::string password_hash;  // empty: none
  std::optional<domain::Instant> password_set_at;
  std::optional<std::string> totp_secret;            // sealed
  std::optional<domain::Instant> totp_begun_at;      // when the secret was made
  std::optional<domain::Instant> totp_confirmed_at;  // absent: the secret is not in use yet
  int recovery_codes = 0;                            // not used yet
};
// Empty for somebody who has none.
Credential load_credential(Connection& connection, domain::PersonId person);

// Who of a mailbox has a password; nobody who has been erased.
struct PasswordHolder {
  domain::PersonId person;
  std::string password_hash;
};
std::optional<PasswordHolder> find_password_holder(Connection& connection,
                                                   std::string_view email_key);
// Whether somebody else of that mailbox has one. Nobody of it gets one until the transaction ends.
bool has_other_password(Connection& connection, domain::PersonId person,
                        std::string_view email_key);

// An empty hash takes the password away. `replaced` is the hash that the caller has looked at:
// false, and nothing changed, when it is another by now.
bool replace_password(Connection& connection, domain::PersonId person, std::string_view hash,
                      std::string_view replaced, domain::Instant now);

// A secret that waits for its first code; false when a confirmed one is there.
bool save_totp_secret(Connection& connection, domain::PersonId person, std::string_view sealed,
                      domain::Instant now);
// False when there is none that waits.
bool confirm_totp(Connection& connection, domain::PersonId person, domain::Instant now);
bool remove_totp(Connection& connection, domain::PersonId person);
// True once for each step, and never for one before it.
bool take_totp_step(Connection& connection, domain::PersonId person, std::int64_t step);

void replace_recovery_codes(Connection& connection, domain::PersonId person,
                            const std::vector<std::string>& hashes, domain::Instant now);
// True once for each code.
bool take_recovery_code(Connection& connection, domain::PersonId person, std::string_view hash,
                        domain::Instant now);

// When the open session of this person began, and by what; absent when it is not theirs or over.
struct SessionBeginning {
  domain::Instant created_at{};
  std::string method;
  bool second_factor = false;
};
std::optional<SessionBeginning> find_session_beginning(Connection& connection,
                                                       domain::SessionId session,
                                                       domain::PersonId person);
// A code was given in a session that is open already: from now on it counts as the second factor,
// under a new token.
void strengthen_session(Connection& connection, domain::SessionId session,
                        std::string_view new_token_hash);

std::optional<domain::PersonId> find_external_person(Connection& connection,
                                                     std::string_view issuer,
                                                     std::string_view subject);
// Throws Duplicate when somebody is known by it.
void save_external_identity(Connection& connection, domain::PersonId person,
                            std::string_view issuer, std::string_view subject, domain::Instant now);
void remove_external_identities(Connection& connection, domain::PersonId person);

}  // namespace narada::storage
