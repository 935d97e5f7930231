// Bearer tokens and people with roles.
#include "service/usecases/access.h"

#include <doctest/doctest.h>

#include "service/usecases/people/sessions.h"
#include "service/usecases/people/tokens.h"
#include "sql/pool.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using usecases::Role;
using usecases::TokenAccess;

namespace {

using namespace std::chrono_literals;

domain::PersonId add(RegistrationWorld& world, const std::string& email, Role role) {
  return usecases::add_user(world.environment(), email, "Anna Nowak", role).value();
}

// As a session with these roles in force.
usecases::Call signed_in(domain::PersonId person, std::vector<usecases::RoleGrant> grants) {
  usecases::Call call;
  call.actor = usecases::Actor{usecases::Actor::Kind::person, person.value, std::move(grants)};
  call.actor.person = person;
  return call;
}

// In a session that has just begun.
domain::Outcome<usecases::CreatedToken> make_own(RegistrationWorld& world,
                                                 const usecases::Call& call,
                                                 const usecases::TokenForm& form) {
  usecases::Owner owner;
  if (call.actor.person) {
    const auto begun =
        usecases::begin_session(world.environment(), world.visitor(), *call.actor.person,
                                usecases::SignInMethod::link, {}, "");
    owner.person = *call.actor.person;
    owner.session = usecases::find_session(world.environment(), begun->token)->session;
  }
  return usecases::create_own_token(world.environment(), call, owner, form, "");
}

void run(RegistrationWorld& world, const std::string& sql) {
  world.pool().transact([&](storage::Connection& connection) { return connection.execute(sql); });
}

std::string last_used(RegistrationWorld& world) {
  return world.pool().read([](storage::Connection& connection) {
    return connection.query("SELECT COALESCE(CAST(last_used_at AS CHAR), '-') FROM api_token")[0]
        .text(0);
  });
}

}  // namespace

TEST_CASE("a bearer token leads to its actor until it expires or is revoked") {
  RegistrationWorld world;
  const auto created = usecases::create_token(world.environment(), Role::organizer, "skrypt");
  REQUIRE(created.ok());
  CHECK(created->token.size() == 43);
  const auto actor = usecases::find_token_actor(world.environment(), created->token);
  REQUIRE(actor);
  CHECK(actor->kind == usecases::Actor::Kind::token);
  CHECK(actor->id == created->id.value);
  CHECK(actor->grants == std::vector<usecases::RoleGrant>{{Role::organizer, {}}});
  CHECK(actor->text() == "token:" + std::to_string(created->id.value));

  for (const std::string& wrong : {std::string(), created->token + "x", std::string("x")}) {
    CHECK_FALSE(usecases::find_token_actor(world.environment(), wrong));
  }
  const auto set = [&](const std::string& column, const std::string& value) {
    world.pool().transact([&](storage::Connection& connection) {
      return connection.execute("UPDATE api_token SET " + column + " = ?", {value});
    });
  };
  set("expires_at", "2027-01-04 09:00:01");
  CHECK(usecases::find_token_actor(world.environment(), created->token));
  world.clock().advance(std::chrono::seconds(1));
  CHECK_FALSE(usecases::find_token_actor(world.environment(), created->token));
  set("expires_at", "2099-01-01");
  CHECK(usecases::find_token_actor(world.environment(), created->token));
  set("revoked_at", "2027-01-01");
  CHECK_FALSE(usecases::find_token_actor(world.environment(), created->token));
}

TEST_CASE("only the hash of a token is kept") {
  RegistrationWorld world;
  const auto created = usecases::create_token(world.environment(), Role::admin, "");
  const auto stored = world.pool().read([](storage::Connection& connection) {
    return connection.query("SELECT token_hash FROM api_token")[0].text(0);
  });
  CHECK(stored == usecases::hash_token(created->token));
}

TEST_CASE("a user is added once and may have several roles") {
  RegistrationWorld world;
  const auto first =
      usecases::add_user(world.environment(), "Anna@Urzad.example", "Anna Nowak", Role::organizer);
  REQUIRE(first.ok());
  const auto again =
      usecases::add_user(world.environment(), "anna@urzad.example", "anna  nowak", Role::organizer);
  CHECK(*again == *first);
  CHECK(*usecases::add_user(world.environment(), "anna@urzad.example", "Anna Nowak",
                            Role::expert) == *first);
  CHECK(world.count("person") == 1);
  CHECK(world.count("person_role") == 2);
  CHECK(world.activities() ==
        std::vector<std::string>{
            "person.role_granted person:" + std::to_string(first->value) + " system",
            "person.role_granted person:" + std::to_string(first->value) + " system"});
  CHECK(describe(usecases::add_user(world.environment(), "anna", "A", Role::admin)) ==
        "name:too_short, email:invalid_email");
}

TEST_CASE("a person's own token has the roles of its person at each moment") {
  RegistrationWorld world;
  const auto& environment = world.environment();
  const auto anna = add(world, "anna@urzad.example", Role::organizer);
  const std::vector<usecases::RoleGrant> organizer{{Role::organizer, {}}};
  const auto created =
      make_own(world, signed_in(anna, organizer), {"arkusz", TokenAccess::read, 30});
  REQUIRE_MESSAGE(created.ok(), describe(created));
  const auto actor = usecases::find_token_actor(environment, created->token);
  REQUIRE(actor);
  CHECK(actor->kind == usecases::Actor::Kind::token);
  CHECK(actor->person == anna);
  CHECK(actor->grants == organizer);
  CHECK(actor->read_only);

  run(world, "UPDATE person_role SET scope_kind = 'cycle', scope_id = 5");
  CHECK(usecases::find_token_actor(environment, created->token)->grants ==
        std::vector<usecases::RoleGrant>{{Role::organizer, domain::CycleId{5}}});
  run(world, "DELETE FROM person_role");
  CHECK(usecases::find_token_actor(environment, created->token)->grants.empty());
  run(world, "UPDATE person SET erased_at = '2027-01-04'");
  CHECK_FALSE(usecases::find_token_actor(environment, created->token));
}

TEST_CASE("a person's own token ends after the days that were asked for") {
  RegistrationWorld world;
  const auto anna = add(world, "anna@urzad.example", Role::official);
  const auto call = signed_in(anna, {{Role::official, {}}});
  const auto created = make_own(world, call, {"arkusz", TokenAccess::write, 365});
  REQUIRE(created.ok());
  CHECK_FALSE(usecases::find_token_actor(world.environment(), created->token)->read_only);
  world.clock().advance(24h * 365 - 1s);
  CHECK(usecases::find_token_actor(world.environment(), created->token));
  world.clock().advance(1s);
  CHECK_FALSE(usecases::find_token_actor(world.environment(), created->token));
  CHECK(usecases::list_own_tokens(world.environment(), anna).empty());
  for (const int days : {0, -1, 366}) {
    CHECK(describe(make_own(world, call, {"", TokenAccess::read, days})) ==
          "name:required, days:out_of_range");
  }
  CHECK(describe(usecases::create_token(world.environment(), Role::admin, "", 366)) ==
        "days:out_of_range");
}

TEST_CASE("neither a token nor a weak session makes a token that may more") {
  RegistrationWorld world;
  const auto anna = add(world, "anna@urzad.example", Role::admin);
  const auto make = [&](const usecases::Call& call) {
    return describe(make_own(world, call, {"x"}));
  };
  CHECK(make(signed_in(anna, {})) == "conflict:roles_withheld");
  auto token = signed_in(anna, {{Role::admin, {}}});
  token.actor.kind = usecases::Actor::Kind::token;
  CHECK(make(token) == "forbidden");
  CHECK(make(world.visitor()) == "forbidden");
  CHECK(make(world.organizer()) == "forbidden");
  CHECK(world.count("api_token") == 0);
  CHECK(make(signed_in(anna, {{Role::admin, {}}})) == "ok");
}

TEST_CASE("a session alone makes no token: it takes the mailbox or the password") {
  RegistrationWorld world;
  const auto anna = add(world, "anna@urzad.example", Role::official);
  const auto call = signed_in(anna, {{Role::official, {}}});
  const auto begun = usecases::begin_session(world.environment(), world.visitor(), anna,
                                             usecases::SignInMethod::link, {}, "")
                         .value();
  const usecases::Owner owner{anna,
                              usecases::find_session(world.environment(), begun.token)->session};
  world.clock().advance(16min);
  CHECK(describe(usecases::create_own_token(world.environment(), call, owner, {"x"}, "")) ==
        "current_password:sign_in_again");
  CHECK(world.count("api_token") == 0);
}

TEST_CASE("with strong sign-in a token made by a weak one brings no powerful role") {
  RegistrationWorld world;
  const auto anna = add(world, "anna@urzad.example", Role::expert);
  const auto grants_of = [&](const std::string& token) {
    return usecases::find_token_actor(world.environment(), token)->grants;
  };
  const std::vector<usecases::RoleGrant> expert{{Role::expert, {}}};
  const auto weak = make_own(world, signed_in(anna, expert), {"x"}).value().token;
  const auto strong = make_own(world, signed_in(anna, expert), {"x"}).value();
  run(world, "UPDATE api_token SET strong = 1 WHERE id = " + std::to_string(strong.id.value));
  add(world, "anna@urzad.example", Role::organizer);
  CHECK(grants_of(weak).size() == 2);
  world.environment().strong_sign_in = true;
  CHECK(grants_of(weak) == expert);
  CHECK(grants_of(strong.token).size() == 2);
  const auto program = usecases::create_token(world.environment(), Role::organizer, "skrypt");
  CHECK(grants_of(program->token).size() == 1);  // nobody's: made on the command line
}

TEST_CASE("a token made twice by one key is the same one, and fifty are enough") {
  RegistrationWorld world;
  const auto anna = add(world, "anna@urzad.example", Role::official);
  auto call = signed_in(anna, {{Role::official, {}}});
  call.idempotency_key = "klucz";
  call.request_digest = "skrót";
  const auto first = make_own(world, call, {"x"});
  const auto again = make_own(world, call, {"x"});
  REQUIRE(first.ok());
  REQUIRE(again.ok());
  CHECK(again->token == first->token);
  CHECK(again->id == first->id);
  call.idempotency_key.reset();
  for (int made = 1; made < 50; ++made) {
    REQUIRE(make_own(world, call, {"x"}).ok());
  }
  CHECK(describe(make_own(world, call, {"x"})) == "conflict:too_many_tokens");
}

TEST_CASE("tokens are listed to their owner and revoked by the owner or an admin") {
  RegistrationWorld world;
  const auto& environment = world.environment();
  const auto anna = add(world, "anna@urzad.example", Role::official);
  const auto jan = add(world, "jan@urzad.example", Role::official);
  const auto of_anna = signed_in(anna, {{Role::official, {}}});
  const auto of_jan = signed_in(jan, {{Role::official, {}}});
  const auto first = make_own(world, of_anna, {"pierwszy"}).value();
  const auto second = make_own(world, of_anna, {"drugi"}).value();
  const auto listed = usecases::list_own_tokens(environment, anna);
  REQUIRE(listed.size() == 2);
  CHECK(listed[0].id == second.id);
  CHECK(listed[0].name == "drugi");
  CHECK(listed[0].access == TokenAccess::read);
  CHECK(listed[0].expires_at == world.clock().now() + 24h * 90);
  CHECK_FALSE(listed[0].last_used_at);
  CHECK(usecases::list_own_tokens(environment, jan).empty());

  CHECK(describe(usecases::revoke_token(environment, of_jan, first.id)) == "not_found");
  CHECK(describe(usecases::revoke_token(environment, world.organizer(), first.id)) == "not_found");
  CHECK(describe(usecases::revoke_token(environment, world.visitor(), first.id)) == "not_found");
  auto reader = of_anna;
  reader.actor.read_only = true;
  CHECK(describe(usecases::revoke_token(environment, reader, first.id)) == "not_found");
  CHECK(usecases::find_token_actor(environment, first.token));
  CHECK(usecases::revoke_token(environment, of_anna, first.id).ok());
  CHECK_FALSE(usecases::find_token_actor(environment, first.token));
  CHECK(usecases::revoke_token(environment, signed_in(jan, {{Role::admin, {}}}), second.id).ok());
  CHECK(usecases::list_own_tokens(environment, anna).empty());
  CHECK(world.activities().back() == "token.revoked token:" + std::to_string(second.id.value) +
                                         " person:" + std::to_string(jan.value));
}

TEST_CASE("the last use of a token is noted at most once a minute and keeps nobody out") {
  RegistrationWorld world;
  const auto created = usecases::create_token(world.environment(), Role::organizer, "x").value();
  const auto use = [&] {
    return usecases::find_token_actor(world.environment(), created.token).has_value();
  };
  CHECK(last_used(world) == "-");
  CHECK(use());
  CHECK(last_used(world) == "2027-01-04 09:00:00");
  world.clock().advance(59s);
  CHECK(use());
  CHECK(last_used(world) == "2027-01-04 09:00:00");
  world.clock().advance(1s);
  CHECK(use());
  CHECK(last_used(world) == "2027-01-04 09:01:00");

  world.clock().advance(10min);
  world.pool().transact([&](storage::Connection& connection) {
    connection.query("SELECT id FROM api_token FOR UPDATE");  // as somebody who revokes it
    const auto begun = std::chrono::steady_clock::now();
    CHECK(use());
    CHECK(std::chrono::steady_clock::now() - begun < 1s);
    return 0;
  });
  CHECK(last_used(world) == "2027-01-04 09:01:00");
  CHECK(use());
  CHECK(last_used(world) == "2027-01-04 09:11:00");
}

TEST_CASE("a bearer learns who they are") {
  RegistrationWorld world;
  const auto anna = add(world, "anna@urzad.example", Role::expert);
  const auto created = make_own(world, signed_in(anna, {{Role::expert, {}}}), {"arkusz"});
  const auto actor = usecases::find_token_actor(world.environment(), created->token);
  const auto bearer = usecases::find_bearer(world.environment(), *actor);
  REQUIRE(bearer.ok());
  CHECK(bearer->full_name == "Anna Nowak");
  CHECK(bearer->person == anna);
  CHECK(bearer->token.name == "arkusz");
  CHECK(bearer->grants == std::vector<usecases::RoleGrant>{{Role::expert, {}}});
  CHECK(describe(usecases::find_bearer(world.environment(), {})) == "not_found");
}
