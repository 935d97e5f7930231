#include "service/usecases/meetings/meeting_statistics.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using usecases::Actor;
using usecases::Role;

namespace {

using Names = std::vector<std::string>;

domain::Registration enter_of(RegistrationWorld& world, domain::MeetingId meeting, int number,
                              const std::string& institution) {
  auto form = RegistrationWorld::person(number);
  form.institution = institution;
  auto registered = world.try_register(meeting, form);
  REQUIRE(registered);
  return registered->registration;
}

Actor person_with(const std::vector<domain::RoleGrant>& grants) {
  Actor actor{Actor::Kind::person, 900, grants};
  actor.person = domain::PersonId{900};
  return actor;
}

usecases::MeetingStatistics load(RegistrationWorld& world, domain::MeetingId meeting) {
  auto found = load_meeting_statistics(world.environment(), world.organizer().actor,
                                       std::to_string(meeting.value));
  REQUIRE(found);
  return *found;
}

// "slug confirmed waitlisted pending withdrawn", with a star for who came before.
Names lines_of(const std::vector<domain::OfficeNumbers>& offices) {
  Names lines;
  for (const auto& one : offices)
    lines.push_back(fmt::format("{} {} {} {} {}{}", one.slug, one.confirmed, one.waitlisted,
                                one.pending, one.withdrawn, one.came_before ? " *" : ""));
  return lines;
}

}  // namespace

TEST_CASE("statistics count offices, those who were there before and members of associations") {
  RegistrationWorld world;
  const auto earlier = world.publish();
  enter_of(world, earlier.id, 1, "zgierz-wies");
  world.cancel(enter_of(world, earlier.id, 2, "zgierz-miasto").id);
  auto form = world.meeting_form(3);
  form.starts += std::chrono::days(7);
  form.ends += std::chrono::days(7);
  const auto meeting = world.publish(form);
  enter_of(world, meeting.id, 3, "zgierz-wies");
  enter_of(world, meeting.id, 4, "zgierz-miasto");
  enter_of(world, meeting.id, 5, "zgierz-miasto");
  enter_of(world, meeting.id, 6, "zgierz-miasto");  // waits
  world.cancel(enter_of(world, meeting.id, 7, "2466011").id);
  world.pool().transact([](storage::Connection& connection) {
    connection.run(
        "INSERT INTO association (code, name) VALUES ('LOM', 'Łódzki OM'), "
        "('GZM', 'Metropolia'), ('OLD', 'Dawny związek')");
    connection.run(
        "INSERT INTO association_membership (association_id, institution_id, "
        "member_from, member_until) SELECT a.id, i.id, "
        "IF(a.code = 'LOM', '2020-01-01', NULL), IF(a.code = 'OLD', '2026-12-31', NULL) "
        "FROM association a JOIN institution i ON (a.code = 'LOM' AND i.slug LIKE "
        "'zgierz%') OR (a.code = 'GZM' AND i.slug IN ('gliwice', 'gzm')) OR a.code = "
        "'OLD'");
    return 0;
  });
  const auto found = load(world, meeting.id);
  CHECK(lines_of(found.offices) ==
        Names{"zgierz-miasto 2 1 0 0", "zgierz-wies 1 0 0 0 *", "gliwice 0 0 0 1"});
  Names fresh;
  for (const auto& one : newcomers(found.offices)) fresh.push_back(one.slug);
  CHECK(fresh == Names{"zgierz-miasto"});
  Names shares;
  for (const auto& one : found.associations)
    shares.push_back(fmt::format("{} {}/{}", one.name, one.present, one.members));
  CHECK(shares == Names{"Łódzki OM 2/2", "Metropolia 0/2"});
  CHECK(found.may_see_participants);
}

TEST_CASE("the expert of the meeting sees its numbers, another nothing") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto other = world.publish();
  const auto key = std::to_string(meeting.id.value);
  const auto see = [&](const Actor& actor) {
    return load_meeting_statistics(world.environment(), actor, key);
  };
  const auto by_expert = see(person_with({{Role::expert, meeting.id}}));
  REQUIRE(by_expert);
  CHECK_FALSE(by_expert->may_see_participants);
  for (const auto& actor : {person_with({{Role::expert, other.id}}), person_with({}), Actor{},
                            person_with({{Role::coordinator, domain::InstitutionId{1}}})})
    CHECK(describe(see(actor)) == "not_found");
}

TEST_CASE("statistics of one and of thirty people take the same number of statements") {
  RegistrationWorld world({.size = 1});
  const auto few = world.publish(100);
  const auto many = world.publish(100);
  world.enter(few.id, 1);
  for (int number = 1; number <= 30; ++number)
    enter_of(world, many.id, number, number % 2 == 0 ? "gzm" : "zgierz-wies");
  const auto statements_of = [&](domain::MeetingId meeting) {
    const auto before = world.pool().lease()->statements();
    load(world, meeting);
    return world.pool().lease()->statements() - before;
  };
  const auto one = statements_of(few.id);
  CHECK(statements_of(many.id) == one);
  CHECK(one <= 5);
}
