#include "service/usecases/people/factor_sign_in.h"

#include <optional>

#include "service/identity/password.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/people/code_taking.h"
#include "service/usecases/people/session_beginning.h"
#include "service/usecases/rate_limits.h"
#include "service/usecases/registrations/registration_input.h"
#include "sql/credential_store.h"
#include "sql/session_store.h"

namespace narada::usecases {
namespace {

domain::FieldErrors wrong(const char* field, const char* code) {
  return {domain::FieldError{field, code}};
}

// Whether it is the password. Somebody who has none and a mailbox that nobody has cost one
// comparison as well, so that the time tells nothing.
bool is_password_of(const std::optional<storage::PasswordHolder>& holder,
                    const std::string& password) {
  // A longer text was never taken as a password; hashing it would only cost.
  constexpr std::size_t kLongestBytes = 4 * identity::kLongestPassword;
  if (password.size() > kLongestBytes) return false;
  return identity::verify_password(password, holder ? holder->password_hash : "");
}

void refresh_hash(storage::Connection& connection, const Environment& environment,
                  const storage::PasswordHolder& holder, const std::string& newer) {
  if (!newer.empty())
    storage::replace_password(connection, holder.person, newer, holder.password_hash,
                              environment.clock->now());
}

}  // namespace

domain::Outcome<NewSession> sign_in_with_password(const Environment& environment, const Call& call,
                                                  const PasswordClaim& claim, const Device& device,
                                                  std::string_view replaced) {
  domain::FieldErrors errors;
  const auto email = check_email(claim.email, errors);
  if (claim.password.empty()) errors.push_back({"password", "required"});
  if (!errors.empty()) return errors;
  const auto email_key = make_email_key(email);
  if (!claim.address.empty() && limit_password(environment, claim.address, email))
    return domain::Conflict{"too_many_tries"};
  const auto holder = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_password_holder(connection, email_key);
  });
  std::string newer;
  try {
    if (!is_password_of(holder, claim.password)) return wrong("password", "wrong_sign_in");
    if (identity::needs_rehash(holder->password_hash))
      newer = identity::hash_password(claim.password);
  } catch (const identity::HashingBusy&) {
    return domain::Conflict{"sign_in_busy"};
  }
  return sign_in_once(environment, call, "sign_in_with_password",
                      [&](storage::Connection& connection) -> domain::Outcome<NewSession> {
                        refresh_hash(connection, environment, *holder, newer);
                        return begin_session_in(connection, environment, call, holder->person,
                                                SignInMethod::password, device, replaced);
                      });
}

bool is_code_due(const Environment& environment, std::string_view token) {
  if (token.empty()) return false;
  return read_database(environment, [&](storage::Connection& connection) {
    return storage::find_session_awaiting_code(connection, hash_token(token),
                                               environment.clock->now())
        .has_value();
  });
}

domain::Outcome<NewSession> give_code(const Environment& environment, const Call& call,
                                      std::string_view token, const std::string& code,
                                      const std::string& address) {
  const auto now = environment.clock->now();
  const auto find = [&](storage::Connection& connection) {
    return storage::find_session_awaiting_code(connection, hash_token(token), now);
  };
  const auto waiting = read_database(environment, find);
  if (waiting && !address.empty() && limit_one_time_code(environment, address, waiting->person))
    return domain::Conflict{"too_many_tries"};
  return sign_in_once(
      environment, call, "give_code",
      [&](storage::Connection& connection) -> domain::Outcome<NewSession> {
        const auto session = find(connection);
        if (!session) return domain::NotFound{};
        Call own = call;
        own.actor = Actor{Actor::Kind::person, session->person.value};
        own.actor.person = session->person;
        if (!take_code(connection, environment, own, session->person, code))
          return wrong("code", "wrong_code");
        NewSession opened{make_token(), false, session->person};
        if (!storage::open_session(connection, session->id, hash_token(opened.token), now))
          return domain::NotFound{};
        record_activity(connection, environment, own, "session.opened", "session",
                        session->id.value);
        return opened;
      });
}

}  // namespace narada::usecases
