// Bearer tokens and people with roles.
#include "service/usecases/access.h"

#include <doctest/doctest.h>

#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using usecases::Role;

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
