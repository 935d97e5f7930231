#include "service/usecases/people/owner_proof.h"

#include <chrono>

#include "service/identity/password.h"
#include "service/usecases/operations.h"
#include "service/usecases/people/sessions.h"
#include "service/usecases/rate_limits.h"
#include "sql/session_store.h"

namespace narada::usecases {
namespace {

constexpr std::chrono::minutes kFresh{15};

bool is_fresh(storage::Connection& connection, const Environment& environment, const Owner& owner) {
  const auto begun = storage::find_session_beginning(connection, owner.session, owner.person);
  return begun && begun->method == to_string(SignInMethod::link) &&
         environment.clock->now() - begun->created_at <= kFresh;
}

domain::FieldErrors missing(const char* code) {
  return {domain::FieldError{"current_password", code}};
}

}  // namespace

Standing find_standing(const Environment& environment, const Owner& owner) {
  return read_database(environment, [&](storage::Connection& connection) {
    const auto holder = storage::find_account_holder(connection, owner.person);
    return Standing{storage::load_credential(connection, owner.person),
                    holder ? holder->full_name : "", holder ? holder->email : "",
                    is_fresh(connection, environment, owner)};
  });
}

std::optional<domain::Failure> find_missing_proof(const Environment& environment,
                                                  const Owner& owner, const Standing& standing,
                                                  const std::string& current) {
  if (standing.is_fresh) return std::nullopt;
  const auto& hash = standing.credential.password_hash;
  if (hash.empty()) return missing("sign_in_again");
  if (current.empty()) return missing("required");
  if (!owner.address.empty() && limit_password(environment, owner.address, standing.email))
    return domain::Conflict{"too_many_tries"};
  try {
    if (identity::verify_password(current, hash)) return std::nullopt;
  } catch (const identity::HashingBusy&) {
    return domain::Conflict{"sign_in_busy"};
  }
  return missing("wrong_password");
}

}  // namespace narada::usecases
