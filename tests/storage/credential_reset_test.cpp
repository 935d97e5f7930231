#include "service/usecases/people/credential_reset.h"

#include <doctest/doctest.h>

#include "service/usecases/access.h"
#include "service/usecases/people/profile.h"
#include "service/usecases/people/tokens.h"
#include "sql/credential_store.h"
#include "tests/storage/credential_world.h"

using namespace narada;
using namespace narada::testing;

TEST_CASE("an admin takes password and codes from somebody, who signs in by a link again") {
  CredentialWorld world;
  const auto admin = world.add_person("Alicja Admin");
  world.grant(admin, domain::Role::admin);
  const auto person = world.add_person("Anna Nowak");
  const auto owner = world.with_password(person);
  const auto codes = world.with_codes(owner);
  REQUIRE(world.is_open(codes.token));

  CHECK(describe(usecases::reset_credentials(world.environment(), world.call_of(person), admin)) ==
        "not_found");
  auto call = world.call_of(admin);
  call.actor.grants = {{domain::Role::admin, {}}};
  CHECK(describe(usecases::reset_credentials(world.environment(), call, admin)) == "not_found");
  REQUIRE(usecases::reset_credentials(world.environment(), call, person).ok());

  CHECK_FALSE(world.is_open(codes.token));
  const auto mails = world.facts();
  REQUIRE_FALSE(mails.empty());
  CHECK(mails.back().kind == notifications::MailKind::credentials_changed);
  CHECK(mails.back().to_address == "anna.nowak@urzad.example");
  CHECK(mails.back().account->change == "reset");
  CHECK(mails.back().account->device.empty());  // it was not hers
  CHECK(describe(world.sign_in("anna.nowak@urzad.example", kGoodPassword)) ==
        "password:wrong_sign_in");
  const auto session = world.begin(person);
  CHECK_FALSE(session.code_due);
  CHECK(world.is_open(session.token));
  const auto state = usecases::find_credential_state(world.environment(), world.owner(session));
  CHECK_FALSE(state.password_set_at);
  CHECK_FALSE(state.totp_confirmed_at);
  CHECK(state.recovery_codes == 0);
}

TEST_CASE("a reset closes every other way in as well: tokens, links, a directory") {
  CredentialWorld world;
  const auto admin = world.add_person("Alicja Admin");
  const auto anna = world.add_person("Anna Nowak");
  const auto jan = world.add_person("Jan Inny");
  world.grant(anna, domain::Role::expert);
  const auto owner = world.owner(world.begin(anna));
  const auto token = usecases::create_own_token(
      world.environment(),
      [&] {
        auto call = world.call_of(anna);
        call.actor.grants = {{domain::Role::expert, {}}};
        return call;
      }(),
      owner, {"arkusz"}, "");
  REQUIRE(token.ok());
  REQUIRE(usecases::request_email_change(world.environment(), world.call_of(anna), owner,
                                         "obca@urzad.example", "")
              .ok());
  world.pool().transact([&](storage::Connection& connection) {
    storage::save_external_identity(connection, anna, "https://urzad.example", "1",
                                    world.clock().now());
    storage::save_external_identity(connection, jan, "https://urzad.example", "2",
                                    world.clock().now());
  });
  auto call = world.call_of(admin);
  call.actor.grants = {{domain::Role::admin, {}}};
  REQUIRE(usecases::reset_credentials(world.environment(), call, anna).ok());
  CHECK_FALSE(usecases::find_token_actor(world.environment(), token->token));
  CHECK(world.count("sign_in_link WHERE used_at IS NULL") == 0);
  CHECK(world.count("external_identity") == 1);  // of somebody else
}

TEST_CASE("the command resets everybody of a mailbox, and nobody else") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak", "wspolna@urzad.example");
  const auto jan = world.add_person("Jan Nowak", "wspolna@urzad.example");
  const auto other = world.add_person("Ewa Inna");
  for (const auto person : {jan, other}) world.with_password(person);
  const auto session = world.begin(anna);
  usecases::Call call;
  call.actor.kind = domain::Actor::Kind::system;
  const auto reset = usecases::reset_mailbox(world.environment(), call, "Wspolna@urzad.example");
  REQUIRE(reset.ok());
  CHECK(*reset == 2);
  CHECK_FALSE(world.is_open(session.token));
  CHECK(describe(world.sign_in("wspolna@urzad.example", kGoodPassword)) ==
        "password:wrong_sign_in");
  CHECK(world.sign_in("ewa.inna@urzad.example", kGoodPassword).ok());
  CHECK(describe(usecases::reset_mailbox(world.environment(), call, "nikt@urzad.example")) ==
        "not_found");
}
