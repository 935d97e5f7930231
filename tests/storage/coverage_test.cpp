// Who comes to which topics, and who never does.
#include "service/usecases/overview/coverage.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "service/usecases/registrations/attendance.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using domain::RegistrationStatus;
using usecases::CoverageFilter;

namespace {

using Names = std::vector<std::string>;

domain::RegistrationId enter_of(RegistrationWorld& world, domain::MeetingId meeting, int number,
                                const std::string& institution) {
  auto form = RegistrationWorld::person(number);
  form.institution = institution;
  auto registered = world.try_register(meeting, form);
  REQUIRE(registered);
  return registered->registration.id;
}

void run(RegistrationWorld& world, const std::string& sql) {
  world.pool().transact([&](storage::Connection& connection) {
    connection.run(sql);
    return 0;
  });
}

usecases::Coverage load(RegistrationWorld& world, const CoverageFilter& filter = {}) {
  auto found = load_coverage(world.environment(), world.organizer().actor, filter);
  REQUIRE(found);
  return *found;
}

// "slug came/unmarked cycles registered hosted"
std::string line_of(const std::string& slug, const domain::CoverageNumbers& numbers) {
  return fmt::format("{} {}/{} {} {} {}", slug, numbers.came, numbers.unmarked, numbers.cycles,
                     numbers.registered, numbers.hosted);
}

Names lines(const usecases::Coverage& coverage) {
  Names lines;
  for (const auto& row : coverage.rows) lines.push_back(line_of(row.institution.slug, row.all));
  return lines;
}

std::string slug_of(const usecases::Coverage& coverage, std::size_t index) {
  return index < coverage.rows.size() ? coverage.rows[index].institution.slug : "";
}

}  // namespace

TEST_CASE("coverage counts meetings and not people, and what is marked before what was confirmed") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto one = enter_of(world, meeting.id, 1, "zgierz-wies");
  enter_of(world, meeting.id, 2, "zgierz-wies");
  const auto absent = enter_of(world, meeting.id, 3, "zgierz-miasto");
  world.cancel(enter_of(world, meeting.id, 4, "2466011"));
  auto later = world.meeting_form();
  later.starts += std::chrono::days(365);
  later.ends += std::chrono::days(365);
  enter_of(world, world.publish(later).id, 5, "zgierz-miasto");

  // Before the meeting nobody has come.
  auto coverage = load(world, {.presence = domain::Presence::never});
  CHECK(coverage.counts[0] == static_cast<std::int64_t>(coverage.rows.size()));

  world.clock().set(meeting.times.ends_at);
  const auto mark = [&](domain::RegistrationId id, RegistrationStatus status) {
    REQUIRE(usecases::mark_attendance(world.environment(), world.organizer(), id, status).ok());
  };
  coverage = load(world, {.sort = usecases::CoverageSort::times});
  CHECK(coverage.counts[1] == 2);
  mark(one, RegistrationStatus::attended);
  mark(absent, RegistrationStatus::absent);
  coverage = load(world, {.sort = usecases::CoverageSort::times});
  CHECK(lines(coverage).at(0) == "zgierz-wies 1/0 0 1 0");
  CHECK(coverage.counts[1] == 1);
  const auto never = load(
      world, {.presence = domain::Presence::never, .sort = usecases::CoverageSort::registered});
  CHECK(lines(never).at(0) == "zgierz-miasto 0/0 0 2 0");
  // The year in which only the later one takes place.
  CHECK(lines(load(world, {.from_year = 2028, .sort = usecases::CoverageSort::registered})).at(0) ==
        "zgierz-miasto 0/0 0 1 0");
  CHECK(coverage.years == std::vector<int>{2028, 2027});
}

TEST_CASE("coverage knows topics, hosts, associations and cycles from before registrations") {
  RegistrationWorld world;
  run(world, "INSERT INTO topic (id, slug, name, name_en) VALUES (71, 'woda', 'Woda', 'Water')");
  run(world, "INSERT INTO association (id, code, name) VALUES (81, 'LOM', 'Łódzki OM')");
  run(world,
      "INSERT INTO association_membership (association_id, institution_id) SELECT 81, id FROM "
      "institution WHERE slug IN ('zgierz-wies', 'zgierz-miasto')");
  const auto meeting = world.publish();
  run(world, "UPDATE meeting SET topic_id = 71");
  run(world,
      "UPDATE meeting_place SET institution_id = (SELECT id FROM institution WHERE slug = "
      "'zgierz-miasto')");
  enter_of(world, meeting.id, 1, "zgierz-wies");
  run(world,
      "INSERT INTO cycle (id, slug, title, uid, status, summary, challenge, goal, effects, "
      "materials, participants_text, source_urls, caveat, created_at, updated_at) VALUES (91, "
      "'c', 'C', 'u', 'published', '', '', '', '', '', '', '', '', '2026-01-01', '2026-01-01')");
  run(world,
      "INSERT INTO cycle_institution (cycle_id, institution_id, role, position) SELECT 91, id, "
      "'participant', 1 FROM institution WHERE slug IN ('zgierz-wies', 'zgierz-miasto')");
  auto form = world.meeting_form();
  form.cycle = "91";
  world.publish(form);
  world.clock().set(meeting.times.ends_at);
  const auto coverage = load(world, {.association = "LOM"});
  REQUIRE(coverage.rows.size() == 2);
  CHECK(slug_of(coverage, 0) < slug_of(coverage, 1));
  REQUIRE(coverage.topics.size() == 1);
  CHECK(coverage.topics[0].slug == "woda");
  CHECK(coverage.has_no_topic);
  for (const auto& row : coverage.rows) {
    const bool rural = row.institution.slug == "zgierz-wies";
    CAPTURE(row.institution.slug);
    CHECK(row.all.came == (rural ? 1 : 0));
    CHECK(row.all.unmarked == (rural ? 1 : 0));
    CHECK(row.all.cycles == 1);
    CHECK(row.all.hosted == (rural ? 0 : 1));
    CHECK(row.topics.at(0).cycles == 1);
  }
  const auto of_topic = load(world, {.association = "LOM", .topic = "woda"});
  CHECK(of_topic.counts[0] == 1);
  CHECK(of_topic.counts[1] == 1);
}

TEST_CASE("coverage is of what an organizer's roles reach, and of nothing for others") {
  RegistrationWorld world;
  const auto mine = world.publish();
  const auto other = world.publish();
  enter_of(world, mine.id, 1, "zgierz-wies");
  enter_of(world, other.id, 2, "zgierz-miasto");
  world.clock().set(mine.times.ends_at);
  usecases::Actor actor{usecases::Actor::Kind::person, 900, {{usecases::Role::organizer, mine.id}}};
  auto found = load_coverage(world.environment(), actor, {.sort = usecases::CoverageSort::times});
  REQUIRE(found);
  CHECK(lines(*found).at(0) == "zgierz-wies 1/1 0 1 0");
  CHECK(found->counts[1] == 1);
  CHECK(describe(load_coverage(world.environment(), world.visitor().actor, {})) == "forbidden");
}
