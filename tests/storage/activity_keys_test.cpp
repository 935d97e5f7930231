// The log only grows: what is read of it for one person, or for one organizer, must not.
#include <doctest/doctest.h>

#include "sql/activity_store.h"
#include "sql/clean_up_store.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;

namespace {

constexpr int kOthers = 3000;

// How many rows the server touches while `work` runs.
template <class Work>
std::int64_t rows_touched(storage::Connection& connection, Work work) {
  const auto touched = [&] {
    std::int64_t sum = 0;
    for (const auto row : connection.query(
             "SELECT CAST(variable_value AS SIGNED) FROM information_schema.session_status WHERE "
             "variable_name LIKE 'Handler_read%'"))
      sum += row.integer(0);
    return sum;
  };
  const auto idle_before = touched();
  const auto before = touched();
  work();
  return touched() - before - (before - idle_before);
}

// Rows of other people and other meetings, so many that reading them all shows.
void fill_log(storage::Connection& connection) {
  std::vector<storage::Activity> others;
  for (int number = 0; number < kOthers; ++number) {
    storage::Activity activity;
    activity.occurred_at = domain::Instant{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};
    activity.actor = "person:" + std::to_string(100'000 + number);
    activity.verb = "practice.changed";
    activity.subject = "practice:" + std::to_string(100'000 + number);
    others.push_back(activity);
  }
  storage::save_activities(connection, others);
  connection.query("ANALYZE TABLE activity");
}

}  // namespace

TEST_CASE("of one person, and within an organizer's reach, the log is read by keys") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto registered = world.enter(meeting.id, 1).registration;
  auto connection = world.pool().lease();
  fill_log(*connection);
  storage::ActivitySelection of_person;
  of_person.concerning = registered.person.id;
  storage::ActivitySelection of_reach;
  of_reach.bounds = storage::ActivitySelection::Bounds{{meeting.id}, {"practice:100001"}};
  storage::ActivitySelection of_both = of_person;
  of_both.bounds = of_reach.bounds;
  const auto verbs = [&](const storage::ActivitySelection& selection) {
    std::vector<std::string> found;
    for (const auto& stored : storage::list_activities(*connection, selection, 50))
      found.push_back(stored.activity.verb);
    return found;
  };
  using Names = std::vector<std::string>;
  CHECK(verbs(of_person) == Names{"registration.created"});
  CHECK(verbs(of_reach) ==
        Names{"practice.changed", "registration.created", "meeting.published", "meeting.created"});
  CHECK(verbs(of_both) == Names{"registration.created"});
  for (const auto* selection : {&of_person, &of_reach, &of_both}) {
    const auto touched =
        rows_touched(*connection, [&] { storage::list_activities(*connection, *selection, 50); });
    CHECK(touched < kOthers / 10);
  }
  // The control: without keys every row is touched.
  CHECK(rows_touched(*connection, [&] {
          connection->query(
              "SELECT id FROM activity WHERE meeting_id = 1 OR details LIKE '%nothing%'");
        }) >= kOthers);
}
