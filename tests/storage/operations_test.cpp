// Writes that are asked for more than once, and COMMITs whose answer is lost.

#include <doctest/doctest.h>

#include "service/usecases/unavailable.h"
#include "sql/error.h"
#include "tests/storage/commit_proxy.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;

namespace {

usecases::Call keyed(std::string key, std::string digest) {
  usecases::Call call;
  call.idempotency_key = std::move(key);
  call.request_digest = std::move(digest);
  return call;
}

domain::Outcome<usecases::Registered> enter(RegistrationWorld& world, const usecases::Call& call,
                                            domain::MeetingId meeting, int number) {
  return usecases::register_person(world.environment(), call, std::to_string(meeting.value),
                                   RegistrationWorld::person(number));
}

}  // namespace

TEST_CASE("the same key with the same request gets the first result, to the letter") {
  RegistrationWorld world;
  const auto meeting = world.publish(1);
  const auto call = keyed("key-1", "digest");
  const auto first = enter(world, call, meeting.id, 1);
  REQUIRE(first.ok());
  world.enter(meeting.id, 2);
  world.cancel(first->registration.id);
  const auto mails = world.mails().size();

  const auto again = enter(world, call, meeting.id, 1);

  REQUIRE(again.ok());
  CHECK(again->created);
  CHECK(again->manage_url == first->manage_url);
  CHECK(again->registration.id == first->registration.id);
  CHECK(again->registration.status == domain::RegistrationStatus::confirmed);
  CHECK(again->registration.version == first->registration.version);
  CHECK(world.mails().size() == mails);
}

TEST_CASE("the same key with another request is refused, another actor's key is another") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  REQUIRE(enter(world, keyed("key-1", "one"), meeting.id, 1).ok());
  CHECK(describe(enter(world, keyed("key-1", "two"), meeting.id, 2)) == "operation_reused");
  CHECK(world.meeting(meeting.id).onsite.confirmed == 1);
  auto other = keyed("key-1", "two");
  other.actor = usecases::Actor{usecases::Actor::Kind::token, 5, {{usecases::Role::organizer, {}}}};
  CHECK(describe(enter(world, other, meeting.id, 2)) == "ok");
}

TEST_CASE("a refused call leaves its key free") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  auto form = RegistrationWorld::person(1);
  form.consent = false;
  const auto call = keyed("key-1", "digest");
  const std::string key = std::to_string(meeting.id.value);
  CHECK(describe(usecases::register_person(world.environment(), call, key, form)) ==
        "consent:consent_required");
  CHECK(world.count("operation") == 2);  // of the meeting: created, published
  form.consent = true;
  CHECK(describe(usecases::register_person(world.environment(), call, key, form)) == "ok");
}

TEST_CASE("stored results cannot be read without the key") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto registered = enter(world, keyed("key-1", "digest"), meeting.id, 1);
  const auto results = world.pool().read([](storage::Connection& connection) {
    std::string all;
    const auto rows =
        connection.query("SELECT result FROM operation WHERE kind = 'register_person'");
    for (const auto row : rows) all += row.text(0);
    return all;
  });
  CHECK(results.size() > 100);
  CHECK(results.find("Osoba") == std::string::npos);
  CHECK(results.find(registered->manage_url) == std::string::npos);
}

TEST_CASE("a stored result takes the key of the installation too, a caller's may be guessed") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  world.environment().secret_key = std::string(32, 'a');
  const auto call = keyed("1", "digest");
  REQUIRE(enter(world, call, meeting.id, 1).ok());
  CHECK(describe(enter(world, call, meeting.id, 1)) == "ok");
  world.environment().secret_key = std::string(32, 'b');
  CHECK_THROWS_AS(enter(world, call, meeting.id, 1), std::runtime_error);
}

TEST_CASE("every change of a registration can be asked for again by its key") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto id = world.enter(meeting.id, 1).registration.id;
  auto call = keyed("cancel", "digest");
  call.actor = world.holder(id).actor;
  const auto first = usecases::cancel_registration(world.environment(), call, id);
  REQUIRE(first.ok());
  world.enter(meeting.id, 1);
  const auto again = usecases::cancel_registration(world.environment(), call, id);
  CHECK(again->status == domain::RegistrationStatus::cancelled);
  CHECK(world.load(id).status == domain::RegistrationStatus::confirmed);
}

TEST_CASE("a COMMIT whose answer is lost counts once, whether it had arrived or not") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  CommitProxy proxy(world.database().server().socket());
  storage::DatabaseAddress address = world.database().address();
  address.socket = proxy.socket_path();
  storage::Pool pool(address, {.size = 2});
  usecases::Environment behind_proxy = world.environment();
  behind_proxy.pool = &pool;
  int number = 0;
  for (const auto cut : {CommitProxy::Cut::before_server, CommitProxy::Cut::before_client}) {
    for (const bool with_key : {false, true}) {
      ++number;
      CAPTURE(number);
      const auto call =
          with_key ? keyed("key-" + std::to_string(number), "digest") : usecases::Call{};
      proxy.cut_next_commit(cut);
      const auto registered = usecases::register_person(
          behind_proxy, call, std::to_string(meeting.id.value), RegistrationWorld::person(number));
      REQUIRE_MESSAGE(registered.ok(), describe(registered));
      CHECK(registered->created);
      CHECK(registered->manage_url == world.facts().back().manage_url);
      CHECK(world.load(registered->registration.id).person.full_name ==
            "Osoba " + std::to_string(number));
      CHECK(world.meeting(meeting.id).onsite.confirmed == number);
      CHECK(world.mails().size() == static_cast<std::size_t>(number));
    }
  }
  CHECK(world.find_violations() == std::vector<std::string>{});
}

TEST_CASE("control: a lost COMMIT that is simply tried again writes twice") {
  RegistrationWorld world;
  CommitProxy proxy(world.database().server().socket());
  storage::DatabaseAddress address = world.database().address();
  address.socket = proxy.socket_path();
  storage::Pool pool(address, {.size = 2});
  const auto topics = world.count("topic");
  const auto add_topic = [&] {
    pool.transact([](storage::Connection& connection) {
      connection.run("INSERT INTO topic (slug, name) VALUES (UUID(), 'x')");
    });
  };
  proxy.cut_next_commit(CommitProxy::Cut::before_client);
  CHECK_THROWS_AS(add_topic(), storage::CommitUnknown);
  add_topic();
  CHECK(world.count("topic") == topics + 2);
}

TEST_CASE("when nobody can learn how a COMMIT ended, the write says so and its key tells later") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto call = keyed("key", "digest");
  {
    CommitProxy proxy(world.database().server().socket());
    storage::DatabaseAddress address = world.database().address();
    address.socket = proxy.socket_path();
    storage::Pool pool(address, {.size = 2});
    auto environment = world.environment();
    environment.pool = &pool;
    proxy.cut_next_commit(CommitProxy::Cut::for_good);
    CHECK_THROWS_AS(
        (void)usecases::register_person(environment, call, std::to_string(meeting.id.value),
                                        RegistrationWorld::person(1)),
        usecases::OutcomeUnknown);
  }
  const auto again = enter(world, call, meeting.id, 1);
  REQUIRE(again.ok());
  CHECK(again->created);
  CHECK(world.count("registration") == 1);
  CHECK(world.mails().size() == 1);
}

TEST_CASE("without a database a write says that nothing stays") {
  storage::DatabaseAddress nowhere;
  nowhere.socket = "/nonexistent/socket";
  nowhere.user = "root";
  nowhere.schema = "x";
  storage::Pool pool(nowhere);
  FakeClock clock;
  usecases::Environment environment;
  environment.pool = &pool;
  environment.clock = &clock;
  CHECK_THROWS_AS(
      (void)usecases::register_person(environment, {}, "1", RegistrationWorld::person(1)),
      usecases::Unavailable);
  CHECK_THROWS_AS((void)usecases::find_registration_by_token(environment, "x"),
                  usecases::Unavailable);
}
