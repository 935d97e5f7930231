#pragma once

#include <optional>
#include <string>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/people/credentials.h"
#include "sql/credential_store.h"

namespace narada::usecases {

// How somebody stands who is about to change what the account is entered by.
struct Standing {
  storage::Credential credential;
  std::string full_name;
  std::string email;
  bool is_fresh = false;  // as CredentialState::is_fresh
};
Standing find_standing(const Environment& environment, const Owner& owner);

// Why the change must not be made, if so: nothing shows that it is the owner. The failures are
// those of credentials.h; `current` is the password as typed.
std::optional<domain::Failure> find_missing_proof(const Environment& environment,
                                                  const Owner& owner, const Standing& standing,
                                                  const std::string& current);

}  // namespace narada::usecases
