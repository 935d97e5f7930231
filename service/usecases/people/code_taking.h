#pragma once

#include <optional>
#include <string>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "sql/connection.h"

namespace narada::usecases {

// The secret of one-time codes as the database keeps it: sealed with the installation's key, for
// this person alone.
std::string seal_totp_secret(const Environment& environment, domain::PersonId person,
                             const std::string& secret);
// Throws std::runtime_error when it was sealed with another key or for somebody else.
std::string unseal_totp_secret(const Environment& environment, domain::PersonId person,
                               const std::string& sealed);

enum class CodeKind { one_time, recovery };
// Takes the code that was typed, in the transaction of `connection`: of two who bring the same one
// at once, one gets it. A recovery code that is taken is written to the activity log. Absent when
// it is wrong, was taken before, or the person has no codes.
std::optional<CodeKind> take_code(storage::Connection& connection, const Environment& environment,
                                  const Call& call, domain::PersonId person,
                                  const std::string& typed);

}  // namespace narada::usecases
