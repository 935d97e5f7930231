#include "service/usecases/people/factor_sign_in.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "service/usecases/people/tokens.h"
#include "tests/storage/credential_world.h"
#include "tests/support/one_time_codes.h"

using namespace narada;
using namespace narada::usecases;
using narada::testing::code_of_application;
using narada::testing::CredentialWorld;
using narada::testing::describe;
using narada::testing::kGoodPassword;
using narada::testing::kHomeAddress;

namespace {

constexpr const char* kAnna = "anna.nowak@urzad.example";

// How many of several threads that do the same at once succeed.
template <class Attempt>
int count_successes(int threads, Attempt attempt) {
  std::atomic<int> ready{0};
  std::atomic<int> succeeded{0};
  std::vector<std::thread> running;
  for (int number = 0; number < threads; ++number)
    running.emplace_back([&, number] {
      ++ready;
      while (ready < threads) std::this_thread::yield();
      if (attempt(number)) ++succeeded;
    });
  for (auto& thread : running) thread.join();
  return succeeded;
}

}  // namespace

TEST_CASE("the right password signs in, everything else looks the same") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  world.with_password(anna);
  world.add_person("Piotr Kot");  // without a password
  const auto begun = world.sign_in("ANNA.nowak@urzad.example", kGoodPassword);
  REQUIRE(begun.ok());
  CHECK(begun->person == anna);
  CHECK_FALSE(begun->code_due);
  CHECK(find_session(world.environment(), begun->token)->method == SignInMethod::password);
  for (const auto& [email, password] : std::vector<std::pair<std::string, std::string>>{
           {kAnna, "cztery zielone rowerY"},
           {kAnna, std::string(kGoodPassword) + " "},
           {kAnna, std::string(600, 'x')},
           {"piotr.kot@urzad.example", kGoodPassword},
           {"nikt.taki@urzad.example", kGoodPassword}}) {
    CAPTURE(email);
    CHECK(describe(world.sign_in(email, password)) == "password:wrong_sign_in");
  }
  CHECK(describe(world.sign_in("anna", "")) == "email:invalid_email, password:required");
}

TEST_CASE("a mailbox that is not known takes as long to refuse as one that is") {
  CredentialWorld world;
  world.with_password(world.add_person("Anna Nowak"));
  const auto time = [&](const std::string& email) {
    auto best = std::chrono::steady_clock::duration::max();
    for (int round = 0; round < 4; ++round) {
      const auto begin = std::chrono::steady_clock::now();
      CHECK(describe(world.sign_in(email, "zgaduj zgadula")) == "password:wrong_sign_in");
      best = std::min(best, std::chrono::steady_clock::now() - begin);
    }
    return best;
  };
  const auto known = time(kAnna);
  const auto unknown = time("nikt.taki@urzad.example");
  CHECK(unknown > known / 2);
  CHECK(known > unknown / 2);
}

TEST_CASE("of those who share a mailbox the one who has a password signs in, at one comparison") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak", "sekretariat@urzad.example");
  const auto piotr = world.add_person("Piotr Kot", "sekretariat@urzad.example");
  world.with_password(anna, kGoodPassword);
  // A second password, as if from before there was the rule: it is not looked at.
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute(
        "INSERT INTO credential (person_id, password_hash) SELECT ?, password_hash FROM credential",
        {piotr});
  });
  CHECK(world.sign_in("sekretariat@urzad.example", kGoodPassword)->person == anna);
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute("UPDATE person SET erased_at = ? WHERE id = ?", {world.clock().now(), anna});
  });
  CHECK(world.sign_in("sekretariat@urzad.example", kGoodPassword)->person == piotr);
}

TEST_CASE("a sign-in sent twice is one session, and minutes later it is nobody's any more") {
  CredentialWorld world;
  world.with_password(world.add_person("Anna Nowak"));
  auto call = world.visitor();
  call.idempotency_key = "form:x";
  call.request_digest = "y";
  const auto send = [&] {
    return sign_in_with_password(world.environment(), call, {kAnna, kGoodPassword, ""},
                                 {"Firefox, Linux", "192.0.2.0/24"}, "");
  };
  const auto begun = send();
  REQUIRE(begun.ok());
  world.clock().advance(std::chrono::minutes(5));
  REQUIRE(send().ok());
  CHECK(send()->token == begun->token);
  world.clock().advance(std::chrono::seconds(1));
  CHECK(describe(send()) == "operation_reused");
}

TEST_CASE("a session that waits for its code opens under a new token, for that code alone") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  const auto codes = world.with_codes(world.with_password(anna));
  const auto begun = world.sign_in(kAnna, kGoodPassword);
  REQUIRE(begun.ok());
  CHECK(begun->code_due);
  CHECK_FALSE(world.is_open(begun->token));
  CHECK(is_code_due(world.environment(), begun->token));
  CHECK(describe(world.give(begun->token, "")) == "code:wrong_code");
  CHECK(describe(world.give(begun->token, "000000")) == "code:wrong_code");
  const auto code = code_of_application(codes.secret, world.clock().now());
  CHECK(describe(world.give("no token", code)) == "not_found");
  const auto opened = world.give(begun->token, code.substr(0, 3) + " " + code.substr(3));
  REQUIRE(opened.ok());
  CHECK(opened->token != begun->token);
  CHECK(world.is_open(opened->token));
  CHECK_FALSE(world.is_open(begun->token));
  CHECK_FALSE(is_code_due(world.environment(), begun->token));
  CHECK(find_session(world.environment(), opened->token)->second_factor);

  const auto again = world.sign_in(kAnna, kGoodPassword);
  CHECK(describe(world.give(again->token, code)) == "code:wrong_code");  // was used
  CHECK(describe(world.give(opened->token, codes.recovery[0])) == "not_found");
  world.clock().advance(std::chrono::minutes(10));
  CHECK(describe(world.give(
            again->token, code_of_application(codes.secret, world.clock().now()))) == "not_found");
}

TEST_CASE("a code of the half minute before counts, and then none that is older") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  const auto codes = world.with_codes(world.with_password(anna));
  world.clock().advance(std::chrono::minutes(5));
  const auto now = world.clock().now();
  const auto code_at = [&](int seconds) {
    return code_of_application(codes.secret, now + std::chrono::seconds(seconds));
  };
  const auto try_code = [&](const std::string& code) {
    return describe(world.give(world.begin(anna).token, code));
  };
  CHECK(try_code(code_at(-60)) == "code:wrong_code");
  CHECK(try_code(code_at(60)) == "code:wrong_code");
  CHECK(try_code(code_at(-30)) == "ok");
  CHECK(try_code(code_at(30)) == "ok");
  CHECK(try_code(code_at(0)) == "code:wrong_code");  // older than the last one taken
}

TEST_CASE("of several who bring the same code at once one gets in") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  const auto codes = world.with_codes(world.with_password(anna));
  constexpr int kThreads = 4;
  for (int round = 0; round < 10; ++round) {
    CAPTURE(round);
    world.clock().advance(std::chrono::minutes(30));
    std::vector<std::string> waiting;
    for (int number = 0; number < kThreads; ++number) waiting.push_back(world.begin(anna).token);
    const auto code = round < 5 ? code_of_application(codes.secret, world.clock().now())
                                : codes.recovery[static_cast<std::size_t>(round)];
    CHECK(count_successes(kThreads, [&](int number) {
            return world.give(waiting[static_cast<std::size_t>(number)], code).ok();
          }) == 1);
  }
}

TEST_CASE("a recovery code opens once, in any spelling, and is told in the log") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  const auto codes = world.with_codes(world.with_password(anna));
  std::string loud = codes.recovery[0];
  for (char& c : loud) c = c == '-' ? ' ' : static_cast<char>(std::toupper(c));
  CHECK(describe(world.give(world.begin(anna).token, loud)) == "ok");
  CHECK(describe(world.give(world.begin(anna).token, codes.recovery[0])) == "code:wrong_code");
  CHECK(describe(world.give(world.begin(anna).token, codes.recovery[1])) == "ok");
  int told = 0;
  for (const auto& line : world.activities())
    if (line.starts_with("credential.recovery_code_used")) ++told;
  CHECK(told == 2);
}

TEST_CASE("with strong sign-in a role works after password and code, and nobody else is bothered") {
  CredentialWorld world;
  world.environment().strong_sign_in = true;
  const auto anna = world.add_person("Anna Nowak");
  world.grant(anna, domain::Role::admin);
  world.grant(anna, domain::Role::organizer);
  const auto official = world.add_person("Piotr Kot");
  const auto grants_of = [&](const std::string& token) {
    const auto found = find_session(world.environment(), token);
    REQUIRE(found);
    return std::pair(found->actor.grants.size(), found->withheld.size());
  };
  using Grants = std::pair<std::size_t, std::size_t>;  // in force, withheld
  const auto by_link = world.begin(anna);
  CHECK(grants_of(by_link.token) == Grants{0, 2});
  CHECK_FALSE(domain::can(find_session(world.environment(), by_link.token)->actor,
                          domain::Action::manage_people, {}));
  const auto owner = world.with_password(anna);
  CHECK(grants_of(world.sign_in(kAnna, kGoodPassword)->token) == Grants{0, 2});
  const auto codes = world.with_codes(owner);
  CHECK(grants_of(codes.token) == Grants{0, 2});  // begun by a link

  const auto waiting = world.sign_in(kAnna, kGoodPassword);
  const auto strong =
      world.give(waiting->token, code_of_application(codes.secret, world.clock().now()));
  REQUIRE(strong.ok());
  CHECK(grants_of(strong->token) == Grants{2, 0});
  CHECK(domain::can(find_session(world.environment(), strong->token)->actor,
                    domain::Action::manage_people, {}));

  const auto plain = find_session(world.environment(), world.begin(official).token);
  CHECK(plain->withheld.empty());
}

TEST_CASE("a token is as strong as the session in which it is made") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  const auto make = [&](const std::string& session) {
    const auto made = create_own_token(world.environment(), world.call_of(anna),
                                       world.owner({session, false, anna}), {"x"}, kGoodPassword);
    REQUIRE_MESSAGE(made.ok(), describe(made));
    return world.count("api_token WHERE strong = 1");
  };
  const auto by_link = world.begin(anna);
  CHECK(make(by_link.token) == 0);
  const auto owner = world.with_password(anna);
  CHECK(make(world.sign_in(kAnna, kGoodPassword)->token) == 0);
  const auto codes = world.with_codes(owner);
  CHECK(make(codes.token) == 0);  // a code, but after a link
  const auto waiting = world.sign_in(kAnna, kGoodPassword);
  const auto strong =
      world.give(waiting->token, code_of_application(codes.secret, world.clock().now()));
  CHECK(make(strong->token) == 1);
}

TEST_CASE("a thousand wrong passwords of strangers neither slow nor lock the owner out") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  world.with_password(anna);  // from home: 192.0.2.0/24
  int refused = 0;
  for (int number = 0; number < 1000; ++number) {
    const auto address = "198.51.100." + std::to_string(number % 50);
    const auto outcome = describe(world.sign_in(kAnna, "zgaduj zgadula", address));
    if (outcome == "conflict:too_many_tries") ++refused;
    if (outcome != "conflict:too_many_tries") REQUIRE(outcome == "password:wrong_sign_in");
  }
  CHECK(refused > 900);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(describe(world.sign_in(kAnna, kGoodPassword, kHomeAddress)) == "ok");
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
  // From where she has never been, her mailbox is what lets her in.
  CHECK(describe(world.sign_in(kAnna, kGoodPassword, "203.0.113.5")) == "conflict:too_many_tries");
  CHECK(world.is_open(world.begin(anna).token));
}

TEST_CASE("wrong codes are limited for whoever knows the password") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  const auto codes = world.with_codes(world.with_password(anna));
  const auto waiting = world.begin(anna).token;
  int tried = 0;
  for (int number = 0; number < 40; ++number) {
    const auto outcome =
        describe(world.give(waiting, std::to_string(100000 + number), "198.51.100.7"));
    if (outcome == "code:wrong_code") ++tried;
  }
  CHECK(tried < 15);
  CHECK(describe(world.give(waiting, code_of_application(codes.secret, world.clock().now()),
                            kHomeAddress)) == "ok");
}

TEST_CASE("a password hashed with other costs is hashed anew when it is next used") {
  CredentialWorld world;
  const auto anna = world.add_person("Anna Nowak");
  world.with_password(anna);
  // argon2id of "cztery zielone rowery" with 8 MiB and one pass.
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute("UPDATE credential SET password_hash = ?",
                       {"$argon2id$v=19$m=8192,t=1,p=1$6K6oxtUBtNSGqHaGQuVjyg$jZ30AGQma4/"
                        "qBuywVOVfZT6VZCee73cqceu88dxWQ90"});
  });
  REQUIRE(world.sign_in(kAnna, kGoodPassword).ok());
  CHECK(world.dump("credential").find("m=65536,t=2,p=1") != std::string::npos);
  CHECK(world.sign_in(kAnna, kGoodPassword).ok());
}
