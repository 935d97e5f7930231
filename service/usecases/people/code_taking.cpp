#include "service/usecases/people/code_taking.h"

#include <stdexcept>

#include "service/identity/one_time_code.h"
#include "service/identity/sealing.h"
#include "service/usecases/catalogue_activity.h"
#include "sql/credential_store.h"

namespace narada::usecases {
namespace {

std::string owner_mark(domain::PersonId person) {
  return "totp:" + std::to_string(person.value) + ":";
}

}  // namespace

std::string seal_totp_secret(const Environment& environment, domain::PersonId person,
                             const std::string& secret) {
  return identity::seal(owner_mark(person) + secret, environment.secret_key);
}

std::string unseal_totp_secret(const Environment& environment, domain::PersonId person,
                               const std::string& sealed) {
  const auto plain = identity::unseal(sealed, environment.secret_key);
  const auto mark = owner_mark(person);
  if (!plain || !plain->starts_with(mark))
    throw std::runtime_error("a secret of one-time codes was sealed with another key");
  return plain->substr(mark.size());
}

std::optional<CodeKind> take_code(storage::Connection& connection, const Environment& environment,
                                  const Call& call, domain::PersonId person,
                                  const std::string& typed) {
  const auto now = environment.clock->now();
  const auto credential = storage::load_credential(connection, person);
  if (!credential.totp_secret || !credential.totp_confirmed_at) return std::nullopt;
  if (const auto recovery = identity::fold_recovery_code(typed)) {
    if (!storage::take_recovery_code(connection, person, hash_token(*recovery), now))
      return std::nullopt;
    record_activity(connection, environment, call, "credential.recovery_code_used", "person",
                    person.value);
    return CodeKind::recovery;
  }
  const auto secret = unseal_totp_secret(environment, person, *credential.totp_secret);
  const auto step = identity::find_totp_step(secret, typed, now);
  if (!step || !storage::take_totp_step(connection, person, *step)) return std::nullopt;
  return CodeKind::one_time;
}

}  // namespace narada::usecases
