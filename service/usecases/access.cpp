#include "service/usecases/access.h"

#include <utility>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/people/strong_sign_in.h"
#include "service/usecases/people/tokens.h"
#include "service/usecases/registrations/registration_input.h"
#include "sql/error.h"
#include "sql/person_store.h"
#include "sql/role_store.h"
#include "sql/stored_enum.h"
#include "sql/token_store.h"

namespace narada::usecases {
namespace {

constexpr TextBounds kTokenNameBounds{0, 200, false, false};
constexpr std::chrono::minutes kBetweenNotes{1};

// Commands of the program itself: nobody outside asks for them.
Call system_call() {
  Call call;
  call.actor.kind = Actor::Kind::system;
  return call;
}

void note_use(storage::Connection& connection, const storage::StoredApiToken& token,
              domain::Instant now) {
  if (token.last_used_at && now - *token.last_used_at < kBetweenNotes) return;
  try {
    storage::note_api_token_use(connection, token.id, now);
  } catch (const storage::Error&) {
    // Somebody else is noting the same, or the database takes no writes now.
  }
}

Actor actor_of(storage::Connection& connection, const Environment& environment,
               const storage::StoredApiToken& token) {
  Actor actor{Actor::Kind::token, token.id.value};
  actor.person = token.person;
  actor.read_only = storage::stored_enum("api_token.access", token.access, find_token_access) ==
                    TokenAccess::read;
  if (token.person) {
    actor.grants = storage::list_grants(connection, *token.person);
    if (environment.strong_sign_in && !token.strong) std::erase_if(actor.grants, is_powerful);
  } else if (const auto role = find_role(token.role)) {
    actor.grants.push_back({*role, {}});
  }
  return actor;
}

}  // namespace

domain::Outcome<CreatedToken> create_token(const Environment& environment, Role role,
                                           const std::string& name, std::optional<int> days) {
  domain::FieldErrors errors;
  storage::NewApiToken made;
  made.name = check_text(name, "name", kTokenNameBounds, errors);
  made.role = to_string(role);
  if (days) made.expires_at = expiry_after(*days, environment.clock->now(), errors);
  if (!errors.empty()) return errors;
  const std::string token = make_token();
  made.hash = hash_token(token);
  const Call call = system_call();
  auto id = run_once_for_id<domain::TokenId>(
      environment, call, "create_token",
      [&](storage::Connection& connection) -> domain::Outcome<domain::TokenId> {
        const auto now = environment.clock->now();
        const auto created = storage::save_api_token(connection, made, now);
        record_activity(connection, environment, call, "token.created", "token", created.value, {},
                        R"({"role":")" + std::string(to_string(role)) + R"("})");
        return created;
      });
  if (!id) return id.failure();
  return CreatedToken{*id, token};
}

std::optional<Actor> find_token_actor(const Environment& environment, std::string_view token) {
  return read_database(environment, [&](storage::Connection& connection) -> std::optional<Actor> {
    const auto now = environment.clock->now();
    const auto stored = storage::find_api_token(connection, hash_token(token), now);
    if (!stored) return std::nullopt;
    auto actor = actor_of(connection, environment, *stored);
    note_use(connection, *stored, now);
    return actor;
  });
}

domain::Outcome<domain::PersonId> add_user(const Environment& environment, const std::string& email,
                                           const std::string& name, Role role) {
  domain::FieldErrors errors;
  storage::NewPerson person;
  person.full_name = check_text(name, "name", kNameBounds, errors);
  person.email = check_email(email, errors);
  if (!errors.empty()) return errors;
  person.name_key = make_name_key(person.full_name);
  person.email_key = make_email_key(person.email);
  const Call call = system_call();
  return run_once_for_id<domain::PersonId>(
      environment, call, "add_user",
      [&](storage::Connection& connection) -> domain::Outcome<domain::PersonId> {
        const auto now = environment.clock->now();
        const auto id = storage::save_person(connection, person, now);
        if (storage::grant_role(connection, id, to_string(role), now)) {
          record_activity(connection, environment, call, "person.role_granted", "person", id.value,
                          {}, R"({"role":")" + std::string(to_string(role)) + R"("})");
        }
        return id;
      });
}

}  // namespace narada::usecases
