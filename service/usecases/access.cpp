#include "service/usecases/access.h"

#include <utility>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "service/usecases/registration_input.h"
#include "sql/person_store.h"
#include "sql/token_store.h"

namespace narada::usecases {
namespace {

constexpr TextBounds kTokenNameBounds{0, 200, false, false};

// Commands of the program itself: nobody outside asks for them.
Call system_call() {
  Call call;
  call.actor.kind = Actor::Kind::system;
  return call;
}

}  // namespace

domain::Outcome<CreatedToken> create_token(const Environment& environment, Role role,
                                           const std::string& name) {
  domain::FieldErrors errors;
  const std::string kept = check_text(name, "name", kTokenNameBounds, errors);
  if (!errors.empty()) return errors;
  const std::string token = make_token();
  const Call call = system_call();
  auto id = run_once_for_id<domain::TokenId>(
      environment, call, "create_token",
      [&](storage::Connection& connection) -> domain::Outcome<domain::TokenId> {
        const auto now = environment.clock->now();
        const auto created =
            storage::save_api_token(connection, hash_token(token), kept, to_string(role), now);
        record_activity(connection, environment, call, "token.created", "token", created.value, {},
                        R"({"role":")" + std::string(to_string(role)) + R"("})");
        return created;
      });
  if (!id) return id.failure();
  return CreatedToken{*id, token};
}

std::optional<Actor> find_token_actor(const Environment& environment, std::string_view token) {
  const auto stored = read_database(environment, [&](storage::Connection& connection) {
    return storage::find_api_token(connection, hash_token(token), environment.clock->now());
  });
  if (!stored) return std::nullopt;
  Actor actor{Actor::Kind::token, stored->id.value};
  if (const auto role = find_role(stored->role)) actor.grants.push_back({*role, {}});
  return actor;
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
