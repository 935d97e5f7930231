// Allowances that several processes share.
#include "service/usecases/rate_limits.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "service/usecases/access.h"
#include "service/usecases/people/sessions.h"
#include "sql/pool.h"
#include "sql/rate_store.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using usecases::RateKind;

namespace {

std::optional<std::chrono::seconds> take(RegistrationWorld& world, const std::string& key,
                                         int burst, std::chrono::seconds every) {
  const auto now = world.clock().now();
  const auto free_at = world.pool().read([&](storage::Connection& connection) {
    return storage::take_allowance(connection, usecases::hash_token(key), burst, every, now);
  });
  if (!free_at) return std::nullopt;
  return *free_at - now;
}

}  // namespace

TEST_CASE("an allowance is spent at once and comes back bit by bit") {
  RegistrationWorld world;
  for (int turn = 0; turn < 3; ++turn) CHECK_FALSE(take(world, "a", 3, 10s));
  CHECK(take(world, "a", 3, 10s) == 10s);
  CHECK_FALSE(take(world, "b", 3, 10s));
  world.clock().advance(9s);
  CHECK(take(world, "a", 3, 10s) == 1s);
  CHECK(take(world, "a", 3, 10s) == 1s);  // asking in vain costs nothing
  world.clock().advance(1s);
  CHECK_FALSE(take(world, "a", 3, 10s));
  CHECK(take(world, "a", 3, 10s) == 10s);
  world.clock().advance(25s);
  CHECK_FALSE(take(world, "a", 3, 10s));
  CHECK_FALSE(take(world, "a", 3, 10s));
  CHECK(take(world, "a", 3, 10s) == 5s);
  world.clock().advance(1h);  // never more than the burst
  for (int turn = 0; turn < 3; ++turn) CHECK_FALSE(take(world, "a", 3, 10s));
  CHECK(take(world, "a", 3, 10s) == 10s);
}

TEST_CASE("many callers at once get exactly what there is") {
  RegistrationWorld world;
  std::atomic<int> granted = 0;
  {
    std::vector<std::jthread> callers;
    for (int caller = 0; caller < 8; ++caller)
      callers.emplace_back([&] {
        for (int turn = 0; turn < 20; ++turn)
          if (!usecases::take_allowance(world.environment(), RateKind::wrong_link_of_client, "x"))
            ++granted;
      });
  }
  CHECK(granted == usecases::rule_of(RateKind::wrong_link_of_client).burst);
}

TEST_CASE("allowances that are whole again leave no row") {
  RegistrationWorld world;
  take(world, "a", 3, 10s);
  take(world, "b", 3, 60s);
  world.clock().advance(11s);
  const auto purge = [&] {
    return world.pool().transact([&](storage::Connection& connection) {
      return storage::purge_allowances(connection, world.clock().now());
    });
  };
  CHECK(purge() == 1);
  CHECK(world.count("rate_allowance") == 1);
  CHECK(purge() == 0);
}

TEST_CASE("every rule has its own rows, and whole seconds to wait") {
  RegistrationWorld world;
  for (const auto& rule : usecases::kRateRules) {
    CAPTURE(rule.name);
    for (int turn = 0; turn < rule.burst; ++turn)
      REQUIRE_FALSE(usecases::take_allowance(world.environment(), rule.kind, "x"));
    const auto wait = usecases::take_allowance(world.environment(), rule.kind, "x");
    REQUIRE(wait);
    CHECK(*wait == rule.every);
    CHECK_FALSE(usecases::take_allowance(world.environment(), rule.kind, "y"));
  }
}

TEST_CASE("a thousand tries of strangers leave the owner's own alone") {
  RegistrationWorld world;
  const auto anna =
      usecases::add_user(world.environment(), "anna@urzad.example", "Anna", usecases::Role::admin)
          .value();
  REQUIRE(usecases::begin_session(world.environment(), world.visitor(), anna,
                                  usecases::SignInMethod::link, {"", "192.0.2.0/24"}, "")
              .ok());
  int allowed = 0;
  for (int turn = 0; turn < 1000; ++turn) {
    const auto stranger = "198.51." + std::to_string(turn % 250) + "." + std::to_string(turn / 250);
    if (!usecases::limit_password(world.environment(), stranger, "Anna@urzad.example")) ++allowed;
    usecases::limit_one_time_code(world.environment(), stranger, anna);
  }
  CHECK(allowed == usecases::rule_of(RateKind::password_of_mailbox_elsewhere).burst);
  const int own = usecases::rule_of(RateKind::password_of_mailbox_at_client).burst;
  for (int turn = 0; turn < own; ++turn) {
    CHECK_FALSE(usecases::limit_password(world.environment(), "192.0.2.9", "anna@urzad.example"));
    CHECK_FALSE(usecases::limit_one_time_code(world.environment(), "192.0.2.9", anna));
  }
  CHECK(usecases::limit_password(world.environment(), "192.0.2.9", "anna@urzad.example"));
  CHECK_FALSE(usecases::limit_password(world.environment(), "192.0.2.10", "anna@urzad.example"));
}

TEST_CASE("what a client has left does not tell in whose network it is") {
  RegistrationWorld world;
  const auto anna =
      usecases::add_user(world.environment(), "anna@urzad.example", "Anna", usecases::Role::admin)
          .value();
  REQUIRE(usecases::begin_session(world.environment(), world.visitor(), anna,
                                  usecases::SignInMethod::link, {"", "192.0.2.0/24"}, "")
              .ok());
  for (int turn = 0; turn < usecases::rule_of(RateKind::password_of_client).burst; ++turn)
    usecases::limit_password(world.environment(), "192.0.2.9",
                             "osoba" + std::to_string(turn) + "@urzad.example");
  for (const auto* email : {"anna@urzad.example", "nikt@urzad.example"}) {
    CAPTURE(email);
    CHECK(usecases::limit_password(world.environment(), "192.0.2.9", email));
  }
}

TEST_CASE("one address that tries many mailboxes is stopped, and its network after it") {
  RegistrationWorld world;
  const auto tries_of = [&](const std::string& address) {
    int allowed = 0;
    for (int turn = 0; turn < 200; ++turn) {
      const auto email = "osoba" + std::to_string(turn) + address + "@urzad.example";
      if (!usecases::limit_password(world.environment(), address, email)) ++allowed;
    }
    return allowed;
  };
  CHECK(tries_of("198.51.100.1") == 40);
  CHECK(tries_of("198.51.100.2") == 40);
  CHECK(tries_of("198.51.100.3") == 40);
  CHECK(tries_of("198.51.100.4") == 0);
  CHECK(tries_of("198.51.101.4") == 40);
  CHECK(tries_of("2001:db8::1") == 40);
  CHECK(tries_of("2001:db8::2") == 0);
}
