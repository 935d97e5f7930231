#include "service/usecases/people/credentials.h"

#include <chrono>

#include "service/identity/one_time_code.h"
#include "service/identity/password.h"
#include "service/identity/qr_code.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/client_address.h"
#include "service/usecases/operations.h"
#include "service/usecases/people/code_taking.h"
#include "service/usecases/people/credential_mails.h"
#include "service/usecases/people/owner_proof.h"
#include "service/usecases/people/sessions.h"
#include "service/usecases/rate_limits.h"
#include "service/usecases/registrations/registration_input.h"
#include "sql/credential_store.h"
#include "sql/session_store.h"

namespace narada::usecases {
namespace {

constexpr std::string_view kApplicationName = "Narada";  // in the list of the person's application

// Everything here runs once and keeps no result: nobody asks for it a second time.
Call unrepeated(const Call& call) {
  Call once = call;
  once.idempotency_key.reset();
  once.request_digest.clear();
  return once;
}

template <class T, class Work>
domain::Outcome<T> write_once(const Environment& environment, const Call& call,
                              std::string_view kind, Work work) {
  return run_once<T>(
      environment, unrepeated(call), kind, std::move(work), [](const T&) { return std::string(); },
      [](const std::string&) { return T{}; });
}

domain::FieldErrors one_error(const char* field, const char* code) {
  return {domain::FieldError{field, code}};
}

bool may_try_code(const Environment& environment, const Owner& owner) {
  return owner.address.empty() || !limit_one_time_code(environment, owner.address, owner.person);
}

// What every change of this kind ends with.
void finish(storage::Connection& connection, const Environment& environment, const Call& call,
            const Owner& owner, std::string_view change) {
  storage::end_sessions(connection, owner.person, owner.session, environment.clock->now());
  tell_credentials_changed(connection, environment, owner.person, change,
                           {owner.device, network_of(owner.address)});
  record_activity(connection, environment, call, "credential." + std::string(change), "person",
                  owner.person.value);
}

std::string in_groups(const std::string& text) {
  std::string grouped;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (at > 0 && at % 4 == 0) grouped += ' ';
    grouped += text[at];
  }
  return grouped;
}

std::vector<std::string> make_codes(storage::Connection& connection, const Environment& environment,
                                    domain::PersonId person) {
  auto codes = identity::make_recovery_codes();
  std::vector<std::string> hashes;
  hashes.reserve(codes.size());
  for (const auto& code : codes) hashes.push_back(hash_token(*identity::fold_recovery_code(code)));
  storage::replace_recovery_codes(connection, person, hashes, environment.clock->now());
  return codes;
}

// Whether a secret waits for its first code. Not for long: whoever finds the browser open later
// must not learn it, or take it into use for the owner.
bool waits_for_code(const storage::Credential& credential, domain::Instant now) {
  constexpr std::chrono::minutes kLongest{15};
  return credential.totp_secret && !credential.totp_confirmed_at && credential.totp_begun_at &&
         now - *credential.totp_begun_at <= kLongest;
}

// Takes the secret that waits into use, when the code is one of its own.
domain::Outcome<TotpConfirmed> confirm_in(storage::Connection& connection,
                                          const Environment& environment, const Call& call,
                                          const Owner& owner, const std::string& code) {
  const auto now = environment.clock->now();
  const auto credential = storage::load_credential(connection, owner.person);
  if (!waits_for_code(credential, now)) return domain::Conflict{"totp_not_begun"};
  const auto secret = unseal_totp_secret(environment, owner.person, *credential.totp_secret);
  const auto step = identity::find_totp_step(secret, code, now);
  if (!step) return one_error("code", "wrong_code");
  if (!storage::confirm_totp(connection, owner.person, now) ||
      !storage::take_totp_step(connection, owner.person, *step))
    return domain::Conflict{"totp_not_begun"};
  TotpConfirmed confirmed;
  confirmed.recovery_codes = make_codes(connection, environment, owner.person);
  confirmed.token = make_token();
  storage::strengthen_session(connection, owner.session, hash_token(confirmed.token));
  finish(connection, environment, call, owner, "totp_confirmed");
  return confirmed;
}

// Runs `work` once a code of those in use has been taken; a wrong one changes nothing.
template <class T, class Work>
domain::Outcome<T> with_code(const Environment& environment, const Call& call, const Owner& owner,
                             const std::string& code, std::string_view kind, Work work) {
  if (!find_standing(environment, owner).credential.totp_confirmed_at)
    return domain::Conflict{"totp_not_set"};
  if (!may_try_code(environment, owner)) return domain::Conflict{"too_many_tries"};
  return write_once<T>(environment, call, kind,
                       [&](storage::Connection& connection) -> domain::Outcome<T> {
                         if (!take_code(connection, environment, call, owner.person, code))
                           return one_error("code", "wrong_code");
                         return work(connection);
                       });
}

}  // namespace

CredentialState find_credential_state(const Environment& environment, const Owner& owner) {
  const auto standing = find_standing(environment, owner);
  const auto& credential = standing.credential;
  CredentialState state;
  state.password_set_at = credential.password_set_at;
  state.totp_confirmed_at = credential.totp_confirmed_at;
  state.totp_begun = waits_for_code(credential, environment.clock->now());
  state.recovery_codes = credential.recovery_codes;
  state.is_fresh = standing.is_fresh;
  return state;
}

domain::Outcome<PasswordSet> set_password(const Environment& environment, const Call& call,
                                          const Owner& owner, const std::string& current,
                                          const std::string& password) {
  const auto standing = find_standing(environment, owner);
  if (auto error = identity::find_password_error(password, {standing.full_name, standing.email})) {
    error->field = "password";
    return domain::FieldErrors{*error};
  }
  if (const auto failure = find_missing_proof(environment, owner, standing, current))
    return *failure;
  std::string hash;
  try {
    hash = identity::hash_password(password);
  } catch (const identity::HashingBusy&) {
    return domain::Conflict{"sign_in_busy"};
  }
  return write_once<PasswordSet>(
      environment, call, "set_password",
      [&](storage::Connection& connection) -> domain::Outcome<PasswordSet> {
        if (storage::has_other_password(connection, owner.person, make_email_key(standing.email)))
          return domain::Conflict{"mailbox_has_password"};
        if (!storage::replace_password(connection, owner.person, hash,
                                       standing.credential.password_hash, environment.clock->now()))
          return domain::Conflict{"change_sent_before"};
        finish(connection, environment, call, owner, "password_set");
        return PasswordSet{};
      });
}

domain::Outcome<PasswordRemoved> remove_password(const Environment& environment, const Call& call,
                                                 const Owner& owner, const std::string& current) {
  const auto standing = find_standing(environment, owner);
  if (standing.credential.password_hash.empty()) return PasswordRemoved{};
  if (const auto failure = find_missing_proof(environment, owner, standing, current))
    return *failure;
  return write_once<PasswordRemoved>(
      environment, call, "remove_password",
      [&](storage::Connection& connection) -> domain::Outcome<PasswordRemoved> {
        if (!storage::replace_password(connection, owner.person, "",
                                       standing.credential.password_hash, environment.clock->now()))
          return domain::Conflict{"change_sent_before"};
        finish(connection, environment, call, owner, "password_removed");
        return PasswordRemoved{};
      });
}

domain::Outcome<TotpBegun> begin_totp(const Environment& environment, const Call& call,
                                      const Owner& owner, const std::string& current) {
  const auto standing = find_standing(environment, owner);
  if (standing.credential.totp_confirmed_at) return domain::Conflict{"totp_set"};
  if (const auto failure = find_missing_proof(environment, owner, standing, current))
    return *failure;
  const auto sealed = seal_totp_secret(environment, owner.person, identity::make_totp_secret());
  return write_once<TotpBegun>(
      environment, call, "begin_totp",
      [&](storage::Connection& connection) -> domain::Outcome<TotpBegun> {
        if (!storage::save_totp_secret(connection, owner.person, sealed, environment.clock->now()))
          return domain::Conflict{"totp_set"};
        return TotpBegun{};
      });
}

std::optional<TotpSetup> find_totp_setup(const Environment& environment, const Owner& owner) {
  const auto standing = find_standing(environment, owner);
  const auto& credential = standing.credential;
  if (!waits_for_code(credential, environment.clock->now())) return std::nullopt;
  const auto secret = unseal_totp_secret(environment, owner.person, *credential.totp_secret);
  TotpSetup setup;
  setup.secret = in_groups(identity::totp_secret_text(secret));
  setup.uri = identity::totp_uri(secret, kApplicationName, standing.email);
  auto code = identity::make_qr_code(setup.uri);
  setup.qr_size = code.size;
  setup.qr_path = std::move(code.path);
  return setup;
}

domain::Outcome<TotpConfirmed> confirm_totp(const Environment& environment, const Call& call,
                                            const Owner& owner, const std::string& code) {
  if (!may_try_code(environment, owner)) return domain::Conflict{"too_many_tries"};
  return write_once<TotpConfirmed>(environment, call, "confirm_totp",
                                   [&](storage::Connection& connection) {
                                     return confirm_in(connection, environment, call, owner, code);
                                   });
}

domain::Outcome<TotpRemoved> remove_totp(const Environment& environment, const Call& call,
                                         const Owner& owner, const std::string& code) {
  return with_code<TotpRemoved>(environment, call, owner, code, "remove_totp",
                                [&](storage::Connection& connection) {
                                  storage::remove_totp(connection, owner.person);
                                  finish(connection, environment, call, owner, "totp_removed");
                                  return TotpRemoved{};
                                });
}

domain::Outcome<RecoveryCodes> renew_recovery_codes(const Environment& environment,
                                                    const Call& call, const Owner& owner,
                                                    const std::string& code) {
  return with_code<RecoveryCodes>(
      environment, call, owner, code, "renew_recovery_codes", [&](storage::Connection& connection) {
        RecoveryCodes renewed{make_codes(connection, environment, owner.person)};
        finish(connection, environment, call, owner, "codes_renewed");
        return renewed;
      });
}

}  // namespace narada::usecases
