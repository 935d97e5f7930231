#include "service/usecases/meetings/date_finder.h"

#include <doctest/doctest.h>

#include "sql/connection.h"
#include "sql/pool.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;

namespace {

// One Tuesday, from 10:00 for two hours; the meeting of the world is on the same day.
usecases::DateSearch search_at(int starts_minute) {
  usecases::DateSearch search;
  search.wish.first = search.wish.last = 2027y / 1 / 19;
  search.wish.starts_minute = starts_minute;
  search.wish.duration_minutes = 120;
  search.institutions = {"2466011"};
  return search;
}

// Why the one institution cannot come on the one day; empty: it can.
std::string hindrance(RegistrationWorld& world, const usecases::DateSearch& search) {
  const auto found = find_dates(world.environment(), world.organizer().actor, search);
  REQUIRE_MESSAGE(found.ok(), describe(found));
  REQUIRE(found->institutions == 1);
  REQUIRE(found->proposals.size() == 1);
  const auto& cannot = found->proposals[0].institutions;
  return cannot.empty() ? std::string() : cannot[0].reason;
}

// From 10:00, of nobody but those who register.
domain::Meeting publish_elsewhere(RegistrationWorld& world) {
  auto form = world.meeting_form(1);
  form.title = "Szkolenie gdzie indziej";
  form.places.clear();
  form.presenting.clear();
  return world.publish(form);
}

}  // namespace

TEST_CASE("an office whose people are registered elsewhere at these hours cannot come") {
  RegistrationWorld world;
  const auto elsewhere = publish_elsewhere(world);
  const auto search = search_at(10 * 60);
  CHECK(hindrance(world, search).empty());
  auto form = RegistrationWorld::person(1);
  form.institution = "2466011";
  const auto registered = world.try_register(elsewhere.id, form);
  REQUIRE(registered.ok());
  CHECK(hindrance(world, search) == "Szkolenie gdzie indziej");
  // Others of the day are free: a registration takes its hours alone.
  const auto ends = static_cast<int>(
      std::chrono::duration_cast<std::chrono::minutes>(
          elsewhere.times.ends - std::chrono::floor<std::chrono::days>(elsewhere.times.ends))
          .count());
  CHECK(hindrance(world, search_at(ends)).empty());
  // Whoever waits or has called off is not there.
  auto second = RegistrationWorld::person(2);
  second.institution = "2466011";
  REQUIRE(world.try_register(elsewhere.id, second).ok());
  world.cancel(registered->registration.id);  // the second gets the place
  CHECK(hindrance(world, search) == "Szkolenie gdzie indziej");
  world.cancel(world.load({2}).id);
  CHECK(hindrance(world, search).empty());
}

TEST_CASE("waiting people and other offices hinder nobody") {
  RegistrationWorld world;
  const auto elsewhere = publish_elsewhere(world);
  auto other = RegistrationWorld::person(1);
  other.institution = "gzm";
  REQUIRE(world.try_register(elsewhere.id, other).ok());
  auto waiting = RegistrationWorld::person(2);
  waiting.institution = "2466011";
  const auto registered = world.try_register(elsewhere.id, waiting);
  REQUIRE(registered.ok());
  REQUIRE(registered->registration.status == domain::RegistrationStatus::waitlisted);
  CHECK(hindrance(world, search_at(10 * 60)).empty());
}
