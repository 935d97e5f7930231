// Writes that looked at somebody before they were erased and come after it.
#include <doctest/doctest.h>

#include "service/usecases/cycles.h"
#include "service/usecases/meetings.h"
#include "service/usecases/person_erasure.h"
#include "sql/enrolment_store.h"
#include "sql/error.h"
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
