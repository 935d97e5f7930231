#include "service/usecases/people/credential_reset.h"

#include <optional>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/people/credential_mails.h"
#include "service/usecases/registrations/registration_input.h"
#include "sql/credential_store.h"
#include "sql/session_store.h"
#include "sql/sign_in_store.h"
#include "sql/token_store.h"

namespace narada::usecases {
namespace {

void reset(storage::Connection& connection, const Environment& environment, const Call& call,
           domain::PersonId person) {
  const auto now = environment.clock->now();
  const auto credential = storage::load_credential(connection, person);
  storage::remove_totp(connection, person);
  if (!credential.password_hash.empty())
    storage::replace_password(connection, person, "", credential.password_hash, now);
  storage::remove_external_identities(connection, person);
  storage::revoke_api_tokens(connection, person, now);
  storage::void_links(connection, person, now);
  storage::end_sessions(connection, person, std::nullopt, now);
  tell_credentials_changed(connection, environment, person, "reset", {});
  record_activity(connection, environment, call, "credential.reset", "person", person.value);
}

}  // namespace

domain::Outcome<CredentialsReset> reset_credentials(const Environment& environment,
                                                    const Call& call, domain::PersonId person) {
  if (!can(call.actor, Action::manage_people, {}) || call.actor.person == person)
    return domain::NotFound{};
  return run_once<CredentialsReset>(
      environment, call, "reset_credentials",
      [&](storage::Connection& connection) -> domain::Outcome<CredentialsReset> {
        if (!storage::find_mailbox_person(connection, person)) return domain::NotFound{};
        reset(connection, environment, call, person);
        return CredentialsReset{};
      },
      [](const CredentialsReset&) { return std::string("reset"); },
      [](const std::string&) { return CredentialsReset{}; });
}

domain::Outcome<int> reset_mailbox(const Environment& environment, const Call& call,
                                   const std::string& email) {
  domain::FieldErrors errors;
  const auto checked = check_email(email, errors);
  if (!errors.empty()) return errors;
  return run_once<int>(
      environment, call, "reset_mailbox",
      [&](storage::Connection& connection) -> domain::Outcome<int> {
        const auto people = storage::list_mailbox_people(connection, make_email_key(checked));
        if (people.empty()) return domain::NotFound{};
        for (const auto& person : people) reset(connection, environment, call, person.id);
        return static_cast<int>(people.size());
      },
      [](int count) { return std::to_string(count); },
      [](const std::string& text) { return std::stoi(text); });
}

}  // namespace narada::usecases
