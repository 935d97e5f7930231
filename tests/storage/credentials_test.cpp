#include "service/usecases/people/credentials.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/storage/credential_world.h"
#include "tests/support/one_time_codes.h"

using namespace narada;
using namespace narada::usecases;
using narada::testing::code_of_application;
using narada::testing::CredentialWorld;
using narada::testing::describe;
using narada::testing::kGoodPassword;

TEST_CASE("a password is set in a session begun by a link a moment ago, later with the old one") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  const auto fresh = world.owner(world.begin(anna));
  const auto set = [&](const Owner& owner, const std::string& current, const std::string& wanted) {
    return describe(set_password(world.environment(), world.call_of(anna), owner, current, wanted));
  };
  CHECK(find_credential_state(world.environment(), fresh).is_fresh);
  CHECK(set(fresh, "", "hasło1234567") == "password:password_common");
  CHECK(set(fresh, "", "nowak.rower.dach") == "password:password_personal");
  CHECK(set(fresh, "", kGoodPassword) == "ok");

  world.clock().advance(std::chrono::minutes(15) + std::chrono::seconds(1));
  CHECK_FALSE(find_credential_state(world.environment(), fresh).is_fresh);
  CHECK(set(fresh, "", "siedem starych pociagow") == "current_password:required");
  CHECK(set(fresh, "cztery zielone rower", "siedem starych pociagow") ==
        "current_password:wrong_password");
  CHECK(set(fresh, kGoodPassword, "siedem starych pociagow") == "ok");
  CHECK(describe(world.sign_in("anna.nowak@urzad.example", kGoodPassword)) ==
        "password:wrong_sign_in");
  CHECK(describe(world.sign_in("anna.nowak@urzad.example", "siedem starych pociagow")) == "ok");
}

TEST_CASE("an old session without a password, and one begun by it, prove nothing by themselves") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  const auto old = world.owner(world.begin(anna));
  world.clock().advance(std::chrono::minutes(16));
  CHECK(describe(set_password(world.environment(), world.call_of(anna), old, "", kGoodPassword)) ==
        "current_password:sign_in_again");
  CHECK(describe(begin_totp(world.environment(), world.call_of(anna), old, "")) ==
        "current_password:sign_in_again");
  world.with_password(anna);
  const auto by_password = world.sign_in("anna.nowak@urzad.example", kGoodPassword);
  REQUIRE(by_password.ok());
  CHECK(describe(begin_totp(world.environment(), world.call_of(anna), world.owner(*by_password),
                            "")) == "current_password:required");
  // Another's session is nobody's proof.
  const auto piotr = world.add_person("Piotr Kot");
  Owner mixed = world.owner(world.begin(piotr));
  mixed.person = anna;
  CHECK(describe(remove_password(world.environment(), world.call_of(anna), mixed, "")) ==
        "current_password:required");
}

TEST_CASE("a change of password or codes ends the other sessions and leaves a trace, no secret") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  const auto elsewhere = world.begin(anna);
  const auto here = world.begin(anna);
  const auto owner = world.owner(here);
  const auto call = world.call_of(anna);
  REQUIRE(set_password(world.environment(), call, owner, "", kGoodPassword).ok());
  CHECK_FALSE(world.is_open(elsewhere.token));
  CHECK(world.is_open(here.token));

  const auto later = world.begin(anna);
  const auto codes = world.with_codes(owner);
  CHECK_FALSE(world.is_open(later.token));
  CHECK_FALSE(world.is_open(here.token));  // goes on under a new token
  CHECK(world.is_open(codes.token));
  CHECK(find_session(world.environment(), codes.token)->session == owner.session);
  CHECK(find_session(world.environment(), codes.token)->second_factor);

  const auto state = find_credential_state(world.environment(), owner);
  CHECK(state.password_set_at.has_value());
  CHECK(state.totp_confirmed_at.has_value());
  CHECK(state.recovery_codes == 10);

  const std::string everything = world.dump("activity") + world.dump("activity_personal") +
                                 world.dump("operation") + world.dump("credential") +
                                 world.dump("recovery_code");
  auto secret = codes.secret;
  secret.erase(std::remove(secret.begin(), secret.end(), ' '), secret.end());
  for (const auto& word : {std::string(kGoodPassword), secret, codes.recovery.front(), codes.token})
    CHECK(everything.find(word) == std::string::npos);
  const auto activities = world.activities();
  for (const auto* verb : {"credential.password_set", "credential.totp_confirmed"}) {
    const auto line = std::string(verb) + " person:" + std::to_string(anna.value) +
                      " person:" + std::to_string(anna.value);
    CAPTURE(line);
    CHECK(std::count(activities.begin(), activities.end(), line) == 1);
  }
}

TEST_CASE("a secret waits for its first code, and is sealed for its owner alone") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  const auto owner = world.owner(world.begin(anna));
  const auto call = world.call_of(anna);
  CHECK(describe(confirm_totp(world.environment(), call, owner, "123456")) ==
        "conflict:totp_not_begun");
  REQUIRE(begin_totp(world.environment(), call, owner, "").ok());
  const auto first = find_totp_setup(world.environment(), owner);
  REQUIRE(begin_totp(world.environment(), call, owner, "").ok());
  const auto second = find_totp_setup(world.environment(), owner);
  REQUIRE((first && second));
  CHECK(first->secret != second->secret);
  CHECK(second->uri.starts_with("otpauth://totp/Narada:anna.nowak%40urzad.example?secret="));
  const auto now = world.clock().now();
  CHECK(describe(confirm_totp(world.environment(), call, owner,
                              code_of_application(first->secret, now))) == "code:wrong_code");
  CHECK_FALSE(world.begin(anna).code_due);  // not in use yet
  CHECK(describe(confirm_totp(world.environment(), call, owner,
                              code_of_application(second->secret, now))) == "ok");
  CHECK(world.begin(anna).code_due);
  CHECK_FALSE(find_totp_setup(world.environment(), owner));
  CHECK(describe(begin_totp(world.environment(), call, owner, "")) == "conflict:totp_set");

  const auto piotr = world.add_person("Piotr Kot");
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute(
        "INSERT INTO credential (person_id, totp_secret, totp_begun_at) "
        "SELECT ?, totp_secret, ? FROM credential "
        "WHERE person_id = ?",
        {piotr, now, anna});
  });
  CHECK_THROWS_AS((void)find_totp_setup(world.environment(), {piotr, {}}), std::runtime_error);
}

TEST_CASE("a secret that nobody took into use within a quarter of an hour is gone") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  const auto owner = world.owner(world.begin(anna));
  const auto call = world.call_of(anna);
  REQUIRE(begin_totp(world.environment(), call, owner, "").ok());
  const auto setup = find_totp_setup(world.environment(), owner);
  REQUIRE(setup);
  world.clock().advance(std::chrono::minutes(15) + std::chrono::seconds(1));
  CHECK(describe(confirm_totp(world.environment(), call, owner,
                              code_of_application(setup->secret, world.clock().now()))) ==
        "conflict:totp_not_begun");
  CHECK_FALSE(find_totp_setup(world.environment(), owner));
  CHECK_FALSE(find_credential_state(world.environment(), owner).totp_begun);
  CHECK_FALSE(world.begin(anna).code_due);
}

TEST_CASE("of those who share a mailbox one has a password, and the others are told so") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak", "sekretariat@urzad.example");
  const auto piotr = world.add_person("Piotr Kot", "sekretariat@urzad.example");
  const auto owner = world.with_password(anna);
  const auto other = world.owner(world.begin(piotr));
  const auto set = [&] {
    return describe(set_password(world.environment(), world.call_of(piotr), other, "",
                                 "siedem starych pociagow"));
  };
  CHECK(set() == "conflict:mailbox_has_password");
  REQUIRE(remove_password(world.environment(), world.call_of(anna), owner, "").ok());
  CHECK(set() == "ok");
  CHECK(world.sign_in("sekretariat@urzad.example", "siedem starych pociagow")->person == piotr);
}

TEST_CASE("codes are taken away and renewed by a code alone") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  const auto owner = world.with_password(anna);
  const auto call = world.call_of(anna);
  CHECK(describe(remove_totp(world.environment(), call, owner, "123456")) ==
        "conflict:totp_not_set");
  const auto codes = world.with_codes(owner);
  const auto code_now = [&] { return code_of_application(codes.secret, world.clock().now()); };

  CHECK(describe(renew_recovery_codes(world.environment(), call, owner, "aaaa-bbbb-cccc-dddd")) ==
        "code:wrong_code");
  const auto renewed = renew_recovery_codes(world.environment(), call, owner, code_now());
  REQUIRE(renewed.ok());
  CHECK(renewed->codes.size() == 10);
  CHECK(describe(remove_totp(world.environment(), call, owner, code_now())) ==
        "code:wrong_code");  // of the same half minute
  CHECK(describe(remove_totp(world.environment(), call, owner, codes.recovery[3])) ==
        "code:wrong_code");  // void by now
  CHECK(describe(remove_totp(world.environment(), call, owner, renewed->codes[3])) == "ok");
  const auto state = find_credential_state(world.environment(), owner);
  CHECK_FALSE(state.totp_confirmed_at.has_value());
  CHECK(state.recovery_codes == 0);
  CHECK_FALSE(world.begin(anna).code_due);
}

TEST_CASE("a password that is taken away signs nobody in") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  const auto owner = world.with_password(anna);
  REQUIRE(world.sign_in("anna.nowak@urzad.example", kGoodPassword).ok());
  CHECK(describe(remove_password(world.environment(), world.call_of(anna), owner, "")) == "ok");
  CHECK(describe(world.sign_in("anna.nowak@urzad.example", kGoodPassword)) ==
        "password:wrong_sign_in");
  CHECK(describe(remove_password(world.environment(), world.call_of(anna), owner, "")) == "ok");
}

TEST_CASE("every change of how somebody signs in is told by mail, with where it came from") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  Owner owner = world.owner(world.begin(anna));
  owner.address = "192.0.2.17";
  owner.device = "Firefox, Windows";
  const auto told = [&] {
    std::vector<std::string> changes;
    for (const auto& facts : world.facts()) {
      if (facts.kind != notifications::MailKind::credentials_changed) continue;
      CHECK(facts.to_address == "anna.nowak@urzad.example");
      REQUIRE(facts.account);
      CHECK(facts.account->url == world.environment().base_url + "/moje/bezpieczenstwo");
      CHECK(facts.account->happened);
      changes.push_back(facts.account->change + ", " + facts.account->device + ", " +
                        facts.account->network);
    }
    return changes;
  };
  const std::string from = ", Firefox, Windows, 192.0.2.0/24";
  const auto call = world.call_of(anna);
  CHECK(describe(set_password(world.environment(), call, owner, "", "krótkie")) != "ok");
  CHECK(told().empty());
  REQUIRE(set_password(world.environment(), call, owner, "", kGoodPassword).ok());
  const auto codes = world.with_codes(owner);
  CHECK(describe(remove_totp(world.environment(), call, owner, "aaaa-aaaa-aaaa-aaaa")) ==
        "code:wrong_code");
  REQUIRE(renew_recovery_codes(world.environment(), call, owner, codes.recovery[0]).ok());
  world.clock().advance(std::chrono::seconds(30));
  REQUIRE(remove_totp(world.environment(), call, owner,
                      code_of_application(codes.secret, world.clock().now()))
              .ok());
  REQUIRE(remove_password(world.environment(), call, owner, kGoodPassword).ok());
  CHECK(told() == std::vector<std::string>{"password_set" + from, "totp_confirmed" + from,
                                           "codes_renewed" + from, "totp_removed" + from,
                                           "password_removed" + from});
}
