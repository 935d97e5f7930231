// 41 institutions × 12 people race for 60 places of which one is guaranteed to each institution.
// And controls: without the guarantee most get none, and other rules do not explain the log.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <set>

#include "service/usecases/institutions/institutions.h"
#include "service/usecases/registrations/offers.h"
#include "service/usecases/registrations/place_rules.h"
#include "tests/concurrency/crowd.h"
#include "tests/support/place_replay.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;

namespace {

constexpr int kInstitutions = 41;
constexpr int kPeopleOfEach = 12;
constexpr int kCapacity = 60;
constexpr int kClients = 24;
constexpr int kLate = 3;  // institutions that ask after the guarantee has ended
const std::vector<std::string> kNone;

std::string name_of(int institution) { return fmt::format("Urząd nr {:02}", institution); }

std::vector<std::string> add_institutions(RegistrationWorld& world) {
  std::vector<std::string> keys;
  for (int institution = 0; institution < kInstitutions; ++institution) {
    usecases::InstitutionForm form;
    form.name = name_of(institution);
    form.kind = domain::InstitutionKind::public_body;
    const auto made = create_institution(world.environment(), world.organizer(), form);
    REQUIRE_MESSAGE(made.ok(), describe(made));
    keys.push_back(std::to_string(made->id.value));
  }
  return keys;
}

usecases::PlaceRulesForm guarantee(const std::vector<std::string>& institutions) {
  usecases::PlaceRulesForm form;
  form.guaranteed_places = 1;
  form.guaranteed_until =
      domain::WallTime{std::chrono::local_days{std::chrono::year(2027) / 1 / 11}};
  form.guaranteed = institutions;
  return form;
}

usecases::RegistrationForm person_of(int institution, int number) {
  auto form = RegistrationWorld::person(institution * 100 + number);
  form.institution = name_of(institution);
  return form;
}

// Everybody of the institutions from `first` to `last`, those of one institution right after those
// of the one before: what is hardest to share out.
void race(RegistrationWorld& world, domain::MeetingId meeting, int first, int last) {
  std::atomic<int> next = first * kPeopleOfEach;
  std::mutex mutex;
  std::vector<std::string> surprises;
  run_crowd(kClients, [&](int) {
    for (int turn = next++; turn < last * kPeopleOfEach; turn = next++) {
      const auto form = person_of(turn / kPeopleOfEach, turn % kPeopleOfEach);
      const auto registered = world.try_register(meeting, form);
      if (registered) continue;
      const std::lock_guard lock(mutex);
      surprises.push_back(describe(registered));
    }
  });
  CHECK(surprises == kNone);
}

// Institutions up to `last` that have nobody in.
std::vector<std::string> find_left_out(RegistrationWorld& world, domain::MeetingId meeting,
                                       int last) {
  std::set<std::string> in;
  const auto rows = world.pool().read([&](storage::Connection& connection) {
    return connection.query(
        "SELECT DISTINCT i.name FROM registration r JOIN institution i ON i.id = r.institution_id "
        "WHERE r.meeting_id = ? AND r.status = 'confirmed'",
        {meeting});
  });
  for (const auto row : rows) in.insert(row.text(0));
  std::vector<std::string> left_out;
  for (int institution = 0; institution < last; ++institution) {
    if (!in.contains(name_of(institution))) left_out.push_back(name_of(institution));
  }
  return left_out;
}

std::vector<LoggedPlace> log_of(RegistrationWorld& world, domain::MeetingId meeting) {
  return world.pool().read(
      [&](storage::Connection& connection) { return load_places_log(connection, meeting); });
}

std::vector<domain::RegistrationId> waiting_in(const domain::PlaceBook& book) {
  std::vector<domain::RegistrationId> ids;
  for (const auto& claim : domain::line_of(book)) ids.push_back(claim.registration);
  return ids;
}

}  // namespace

TEST_CASE(
    "every institution that asks in time has its place, the rest goes in the declared order") {
  RegistrationWorld world({.size = kClients, .wait = 60s});
  const auto keys = add_institutions(world);
  const auto meeting = world.publish(kCapacity);
  const auto saved =
      save_places(world.environment(), world.organizer(), meeting.id, guarantee(keys));
  REQUIRE_MESSAGE(saved.ok(), describe(saved));

  race(world, meeting.id, 0, kInstitutions - kLate);
  CHECK(find_left_out(world, meeting.id, kInstitutions - kLate) == kNone);
  auto seats = world.meeting(meeting.id).onsite;
  CHECK(seats.confirmed == kCapacity - kLate);
  CHECK(seats.held == kLate);
  CHECK(world.find_violations() == kNone);

  // The guarantee ends: what was held goes to who waits, and the late ones queue up behind.
  world.clock().advance(8 * 24h);
  CHECK(usecases::settle_due_places(world.environment()) == 1);
  CHECK(usecases::settle_due_places(world.environment()) == 0);
  race(world, meeting.id, kInstitutions - kLate, kInstitutions);
  seats = world.meeting(meeting.id).onsite;
  CHECK(seats.confirmed == kCapacity);
  CHECK(seats.held == 0);
  CHECK(seats.waiting == kInstitutions * kPeopleOfEach - kCapacity);
  CHECK(find_left_out(world, meeting.id, kInstitutions).size() == kLate);
  CHECK(world.find_violations() == kNone);

  // The log alone gives the same, decision by decision.
  const auto log = log_of(world, meeting.id);
  PlaceReplay replay;
  for (const auto& entry : log) replay.apply(entry);
  replay.end(world.clock().now());
  CHECK(replay.mismatches() == kNone);
  CHECK(replay.book().confirmed == kCapacity);
  const auto books = world.pool().read([&](storage::Connection& connection) {
    return usecases::load_books_of(connection, world.meeting(meeting.id));
  });
  CHECK(replay.book().institutions == books.front().institutions);
  CHECK(waiting_in(replay.book()) == waiting_in(books.front()));

  // Rules that were not in force do not explain it.
  PlaceReplay other;
  other.overrule({});
  for (const auto& entry : log) other.apply(entry);
  CHECK(other.mismatches().size() > 100);
}

TEST_CASE("without the guarantee the first institutions take all, and the check sees it") {
  RegistrationWorld world({.size = kClients, .wait = 60s});
  add_institutions(world);
  const auto meeting = world.publish(kCapacity);
  race(world, meeting.id, 0, kInstitutions);
  CHECK(world.meeting(meeting.id).onsite.confirmed == kCapacity);
  CHECK(find_left_out(world, meeting.id, kInstitutions).size() > kInstitutions / 2);
}
