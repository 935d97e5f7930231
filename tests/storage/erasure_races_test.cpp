// Writes that looked at somebody before they were erased and come after it.
#include <doctest/doctest.h>

#include <functional>

#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"
#include "service/usecases/people/person_erasure.h"
#include "service/usecases/registrations/locked_meeting.h"
#include "sql/activity_store.h"
#include "sql/credential_store.h"
#include "sql/enrolment_store.h"
#include "sql/error.h"
#include "sql/person_store.h"
#include "sql/profile_store.h"
#include "sql/role_store.h"
#include "sql/session_store.h"
#include "sql/sign_in_store.h"
#include "sql/token_store.h"
#include "tests/support/registration_world.h"

using namespace narada;
using narada::testing::describe;
using narada::testing::RegistrationWorld;

namespace {

void erase(RegistrationWorld& world, domain::PersonId person, const std::string& email) {
  usecases::Call call;
  call.actor.kind = usecases::Actor::Kind::person;
  call.actor.id = person.value;
  call.actor.person = person;
  const auto erased = usecases::erase_person(world.environment(), call, person, email);
  REQUIRE_MESSAGE(erased.ok(), describe(erased));
}

// A published cycle of one session.
domain::Cycle publish_cycle(RegistrationWorld& world) {
  usecases::CycleForm form;
  form.title = "Szkoła prototypowania";
  form.meetings = {world.meeting_form(5)};
  const auto cycle = usecases::create_cycle(world.environment(), world.organizer(), form);
  REQUIRE_MESSAGE(cycle.ok(), describe(cycle));
  auto published = usecases::publish_cycle(world.environment(), world.organizer(), cycle->id);
  REQUIRE_MESSAGE(published.ok(), describe(published));
  return std::move(published).value();
}

domain::Meeting add_draft(RegistrationWorld& world, const domain::Cycle& cycle) {
  auto form = world.meeting_form(5);
  form.cycle = cycle.slug;
  auto draft = usecases::create_meeting(world.environment(), world.organizer(), form);
  REQUIRE_MESSAGE(draft.ok(), describe(draft));
  return std::move(draft).value();
}

struct GivenUp {
  domain::Cycle cycle;
  storage::StoredEnrolment enrolment;
};
GivenUp give_up_enrolment(RegistrationWorld& world) {
  auto cycle = publish_cycle(world);
  const auto enrolled = usecases::enrol_person(world.environment(), world.visitor(), cycle.slug,
                                               RegistrationWorld::person(1));
  REQUIRE_MESSAGE(enrolled.ok(), describe(enrolled));
  storage::StoredEnrolment enrolment;
  enrolment.id = enrolled->id;
  enrolment.cycle = cycle.id;
  enrolment.person.id = enrolled->registrations.front().person.id;
  const auto cancelled =
      usecases::cancel_enrolment(world.environment(), world.organizer(), enrolled->id);
  REQUIRE_MESSAGE(cancelled.ok(), describe(cancelled));
  return {std::move(cycle), std::move(enrolment)};
}

// Somebody registered for a meeting that has begun, so that erasing them locks no meeting.
domain::Registration enter_begun_meeting(RegistrationWorld& world) {
  auto form = world.meeting_form();
  form.approval = true;
  const auto meeting = world.publish(form);
  auto person = RegistrationWorld::person(1);
  person.needs = "kanarek-needs";
  const auto registered = world.try_register(meeting.id, person);
  REQUIRE_MESSAGE(registered.ok(), describe(registered));
  world.clock().set(meeting.times.starts_at + std::chrono::minutes(5));
  return registered->registration;
}

// Everything that can be written about a person besides claims.
using Write = std::function<void(storage::Connection&, domain::PersonId, domain::Instant)>;
const std::vector<std::pair<std::string, Write>> kWrites = {
    {"session",
     [](auto& connection, auto person, auto now) {
       storage::save_session(connection, {usecases::hash_token("s"), person, false, "link", {}, {}},
                             now);
     }},
    {"token",
     [](auto& connection, auto person, auto now) {
       storage::NewApiToken token;
       token.hash = usecases::hash_token("t");
       token.person = person;
       storage::save_api_token(connection, token, now);
     }},
    {"link",
     [](auto& connection, auto person, auto now) {
       storage::NewLink link;
       link.token_hash = usecases::hash_token("l");
       link.person = person;
       link.expires_at = now;
       storage::save_link(connection, link, now);
     }},
    {"role",
     [](auto& connection, auto person, auto now) {
       storage::save_grant(connection, person, {domain::Role::organizer, {}}, "system", now);
     }},
    {"role by the program",
     [](auto& connection, auto person, auto now) {
       storage::grant_role(connection, person, "organizer", now);
     }},
    {"password", [](auto& connection, auto person,
                    auto now) { storage::replace_password(connection, person, "hash", "", now); }},
    {"recovery code",
     [](auto& connection, auto person, auto now) {
       storage::replace_recovery_codes(connection, person, {usecases::hash_token("r")}, now);
     }},
    {"external identity",
     [](auto& connection, auto person, auto now) {
       storage::save_external_identity(connection, person, "https://urzad.example", "ewa", now);
     }},
    {"choice of notifications",
     [](auto& connection, auto person, auto now) {
       storage::save_notification_choices(connection, person, {{"reminder", true}}, now);
     }},
    {"topics",
     [](auto& connection, auto person, auto now) {
       storage::save_topic_subscriptions(connection, person, {domain::TopicId{1}}, now);
     }},
    {"acceptance", [](auto& connection, auto person,
                      auto now) { storage::save_account_acceptance(connection, person, now); }},
};

using Step = std::function<void(usecases::LockedMeeting&, storage::StoredRegistration&)>;

// Reads the registration with its meeting locked, has the person erased, and goes on with `step`.
void take_after_erasure(RegistrationWorld& world, const domain::Registration& registration,
                        const Step& step) {
  const auto call = world.organizer();
  world.pool().transact([&](storage::Connection& connection) {
    const usecases::Change change{connection, world.environment(), call, world.clock().now()};
    auto meeting = usecases::LockedMeeting::lock(change, registration.meeting);
    auto stored = storage::find_registration(connection, registration.id);
    REQUIRE((meeting && stored));
    erase(world, registration.person.id, "osoba1@urzad.example");
    CHECK_THROWS_AS(step(*meeting, *stored), storage::Conflict);
    return 0;
  });
  CHECK(world.count("registration WHERE needs <> '' OR position <> ''") == 0);
}

}  // namespace

TEST_CASE("an enrolment that was given up is not taken up again for who was forgotten meanwhile") {
  RegistrationWorld world;
  const auto given_up = give_up_enrolment(world);
  erase(world, given_up.enrolment.person.id, "osoba1@urzad.example");
  storage::Connection connection(world.database().address());
  CHECK_THROWS_AS(storage::renew_enrolment(connection, given_up.enrolment, world.clock().now()),
                  storage::Conflict);
  CHECK(world.count("enrolment WHERE status = 'active'") == 0);
}

TEST_CASE("an enrolment of a forgotten person keeps no session from being published") {
  RegistrationWorld world;
  const auto given_up = give_up_enrolment(world);
  erase(world, given_up.enrolment.person.id, "osoba1@urzad.example");
  world.pool().transact([](storage::Connection& connection) {
    connection.execute("UPDATE enrolment SET status = 'active'");
    return 0;
  });
  const auto draft = add_draft(world, given_up.cycle);
  CHECK(describe(usecases::publish_meeting(world.environment(), world.organizer(), draft.id)) ==
        "ok");
  CHECK(world.meeting(draft.id).onsite.confirmed == 0);
}

TEST_CASE("what was read of a registration is not written back once its person is forgotten") {
  const std::vector<std::pair<std::string, Step>> steps = {
      {"details", [](auto& meeting, auto& stored) { meeting.save_details(stored); }},
      {"approval",
       [](auto& meeting, auto& stored) { meeting.approve(stored, domain::Confirmed{}); }},
      {"refusal", [](auto& meeting, auto& stored) { meeting.decline(stored, "nie"); }},
      {"mode",
       [](auto& meeting, auto& stored) {
         meeting.change_mode(stored, domain::AttendanceMode::online, domain::Confirmed{});
       }},
  };
  for (const auto& [name, step] : steps) {
    CAPTURE(name);
    RegistrationWorld world;
    take_after_erasure(world, enter_begun_meeting(world), step);
  }
}

TEST_CASE("a name is not written back once its person is forgotten") {
  RegistrationWorld world;
  const auto registration = enter_begun_meeting(world);
  erase(world, registration.person.id, "osoba1@urzad.example");
  storage::Connection connection(world.database().address());
  CHECK_THROWS_AS(
      storage::save_full_name(connection, registration.person.id, "OSOBA 1", world.clock().now()),
      storage::Conflict);
  CHECK(world.load(registration.id).person.full_name.empty());
}

TEST_CASE("the registration of a forgotten person is not to be changed, and the answer says so") {
  RegistrationWorld world;
  const auto registration = enter_begun_meeting(world);
  erase(world, registration.person.id, "osoba1@urzad.example");
  usecases::RegistrationChange change;
  change.full_name = "Osoba Pierwsza";
  CHECK(describe(usecases::change_registration(world.environment(), world.organizer(),
                                               registration.id, std::nullopt, change)) ==
        "conflict:forgotten");
  CHECK(describe(usecases::approve_registration(world.environment(), world.organizer(),
                                                registration.id)) == "conflict:forgotten");
}

TEST_CASE("nothing is written about a person who was forgotten meanwhile") {
  RegistrationWorld world;
  const auto living = world.enter(world.publish().id, 2).registration.person.id;
  const auto person = enter_begun_meeting(world).person.id;
  erase(world, person, "osoba1@urzad.example");
  for (const auto& [name, write] : kWrites) {
    CAPTURE(name);
    storage::Connection connection(world.database().address());
    CHECK_THROWS_AS(write(connection, person, world.clock().now()), storage::Conflict);
    CHECK_NOTHROW(write(connection, living, world.clock().now()));
  }
}

TEST_CASE("the activity log takes nothing typed about a person who was forgotten meanwhile") {
  RegistrationWorld world;
  const auto person = enter_begun_meeting(world).person.id;
  erase(world, person, "osoba1@urzad.example");
  storage::Activity activity;
  activity.occurred_at = world.clock().now();
  activity.actor = "system";
  activity.verb = "profile.changed";
  activity.subject = "person:1";
  activity.personal = {{person, R"({"before":{"full_name":"Osoba 1"}})"}};
  storage::Connection connection(world.database().address());
  storage::save_activities(connection, {activity});
  CHECK(world.count("activity WHERE verb = 'profile.changed'") == 1);
  CHECK(world.count("activity_personal") == 0);
}
