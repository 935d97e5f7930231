#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/outcome.h"
#include "service/usecases/access.h"
#include "service/usecases/environment.h"
#include "service/usecases/people/credentials.h"

namespace narada::usecases {

// Bearer tokens that people make for their own programs. Such a token may do what its person may at
// the moment of each request, or only read it; it ends with its date, its revocation or its person.

enum class TokenAccess { read, write };
std::string_view to_string(TokenAccess access);
std::optional<TokenAccess> find_token_access(std::string_view name);

struct TokenForm {
  std::string name;  // 1..200 characters, for its owner to know it by
  TokenAccess access = TokenAccess::read;
  int days = 90;  // 1..365 until it expires
};
// By somebody signed in, with all their roles in force: Forbidden for another token, Conflict
// "roles_withheld" while a role waits for a stronger sign-in, which no token may go around, and
// Conflict "too_many_tokens" beyond fifty. A token outlives its session, so making one takes the
// proof of credentials.h, `current` being the password as typed. Made in a session without a second
// factor it never brings a role that waits for a strong sign-in. The token is returned once.
domain::Outcome<CreatedToken> create_own_token(const Environment&, const Call&, const Owner&,
                                               const TokenForm&, const std::string& current);

struct TokenSummary {
  domain::TokenId id;
  std::string name;
  TokenAccess access = TokenAccess::read;
  domain::Instant created_at{};
  std::optional<domain::Instant> expires_at;  // absent: never
  std::optional<domain::Instant> last_used_at;
};
// Of the person, those that still open something; the last made first.
std::vector<TokenSummary> list_own_tokens(const Environment&, domain::PersonId);
// One's own, or by who manages people. NotFound for another's and for one that opens nothing.
domain::Outcome<domain::TokenId> revoke_token(const Environment&, const Call&, domain::TokenId);

// Who a bearer is, for themself.
struct Bearer {
  TokenSummary token;
  std::optional<domain::PersonId> person;
  std::string full_name;  // empty without a person
  std::vector<RoleGrant> grants;
};
// NotFound for an actor that is no token.
domain::Outcome<Bearer> find_bearer(const Environment&, const Actor&);

// The end of the last of `days` days from now; FieldError days "out_of_range" outside 1..365.
domain::Instant expiry_after(int days, domain::Instant now, domain::FieldErrors& errors);

}  // namespace narada::usecases
