// Work that outlasts a page: done once, by one process, and gone on with by another.
#include "service/usecases/tasks.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "service/usecases/access.h"
#include "service/usecases/registrations/decision_task.h"
#include "sql/connection.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using domain::RegistrationStatus;
using usecases::TaskRun;
using usecases::TaskState;

namespace {

// A world with a person who may organize everything.
struct TaskWorld : RegistrationWorld {
  usecases::Call owner() {
    if (person.value == 0)
      person =
          usecases::add_user(environment(), "ola@urzad.example", "Ola", usecases::Role::organizer)
              .value();
    usecases::Call call;
    call.actor.kind = usecases::Actor::Kind::person;
    call.actor.id = person.value;
    call.actor.person = person;
    call.actor.grants = {{usecases::Role::organizer, {}}};
    call.request_id = "test";
    return call;
  }
  domain::TaskId start(const std::string& kind, int total = 0) {
    return usecases::start_task(environment(), owner(), {kind, "{}", total}).value();
  }
  usecases::TaskRecord find(domain::TaskId id) {
    return usecases::find_task(environment(), owner().actor, id).value();
  }
  bool run(const usecases::TaskKinds& kinds, const std::string& worker = "one",
           const std::stop_token& stopping = {}) {
    return usecases::run_next_task(environment(), kinds, worker, stopping);
  }
  domain::PersonId person;
};

}  // namespace

TEST_CASE("a task is done once, tells how far it is and keeps its file") {
  TaskWorld world;
  const auto id = world.start("count", 3);
  CHECK(world.find(id).state == TaskState::waiting);
  std::vector<int> seen;
  const usecases::TaskKinds kinds{
      {"count", [&](TaskRun& run) {
         for (int i = run.finished(); i < 3; ++i) {
           const std::vector<usecases::TaskFailure> failures =
               i == 1 ? std::vector<usecases::TaskFailure>{{"person:" +
                                                                std::to_string(world.person.value),
                                                            {"", "not_pending"}}}
                      : std::vector<usecases::TaskFailure>{};
           REQUIRE(run.advance(1, failures));
           seen.push_back(world.find(id).finished);
           CHECK(world.find(id).state == TaskState::running);
         }
         run.keep_result({"lista.csv", "a;b"});
       }}};
  CHECK(world.run(kinds));
  CHECK_FALSE(world.run(kinds));
  CHECK(seen == std::vector<int>{1, 2, 3});
  const auto task = world.find(id);
  CHECK(task.state == TaskState::done);
  CHECK(task.total == 3);
  CHECK(task.finished == 3);
  CHECK(task.failed == 1);
  REQUIRE(task.failures.size() == 1);
  CHECK(task.failures[0].name == "Ola");
  CHECK(task.failures[0].error == domain::FieldError{"", "not_pending"});
  const auto result = usecases::find_task_result(world.environment(), world.owner().actor, id);
  CHECK(result->name == "lista.csv");
  CHECK(result->bytes == "a;b");
  // Nobody else's.
  auto other = world.owner().actor;
  other.person = domain::PersonId{world.person.value + 1};
  CHECK_FALSE(usecases::find_task(world.environment(), other, id).ok());
  CHECK_FALSE(usecases::find_task_result(world.environment(), other, id).ok());
}

TEST_CASE("what one process leaves another goes on with") {
  TaskWorld world;
  const auto id = world.start("steps", 4);
  std::vector<int> begun;
  std::stop_source stop;
  const usecases::TaskKinds kinds{{"steps", [&](TaskRun& run) {
                                     begun.push_back(run.finished());
                                     for (int i = run.finished(); i < 4; ++i) {
                                       if (i == 1 && begun.size() == 1) stop.request_stop();
                                       if (!run.advance(1)) return;
                                     }
                                   }}};
  CHECK(world.run(kinds, "first", stop.get_token()));
  CHECK(world.find(id).state == TaskState::waiting);
  CHECK(world.find(id).finished == 2);
  CHECK(world.run(kinds, "second"));
  CHECK(begun == std::vector<int>{0, 2});
  CHECK(world.find(id).state == TaskState::done);
}

TEST_CASE("a process that died loses its task when the lease is over, and then its hold on it") {
  TaskWorld world;
  const auto id = world.start("slow", 2);
  bool taken_over = false, refused = false;
  const usecases::TaskKinds second{{"slow", [&](TaskRun& run) {
                                      CHECK(run.finished() == 1);
                                      CHECK(run.advance(1));
                                      taken_over = true;
                                    }}};
  const usecases::TaskKinds first{{"slow", [&](TaskRun& run) {
                                     REQUIRE(run.advance(1));
                                     CHECK_FALSE(
                                         world.run(second, "second"));  // still the first one's
                                     world.clock().advance(std::chrono::minutes(2));
                                     CHECK(world.run(second, "second"));
                                     refused = !run.advance(1);
                                   }}};
  CHECK(world.run(first, "first"));
  CHECK(taken_over);
  CHECK(refused);
  CHECK(world.find(id).state == TaskState::done);
  CHECK(world.find(id).finished == 2);
}

TEST_CASE("a task that breaks ends as failed and says so") {
  TaskWorld world;
  const auto id = world.start("breaks");
  const usecases::TaskKinds kinds{
      {"breaks", [](TaskRun&) { throw std::runtime_error("the disk is full"); }}};
  CHECK_THROWS_WITH(world.run(kinds), doctest::Contains("the disk is full"));
  const auto task = world.find(id);
  CHECK(task.state == TaskState::failed);
  REQUIRE(task.failures.size() == 1);
  CHECK(task.failures[0].error.code == "task_broke");
  const auto unknown = world.start("nobody does this");
  CHECK_THROWS(world.run(kinds));
  CHECK(world.find(unknown).failures.at(0).error.code == "task_unknown");
}

TEST_CASE("many decisions are taken one by one, each once, and refusals are told") {
  TaskWorld world;
  auto form = world.meeting_form(2);
  form.approval = true;
  const auto meeting = world.publish(form);
  std::vector<domain::RegistrationId> ids;
  for (int number = 1; number <= 4; ++number)
    ids.push_back(world.enter(meeting.id, number).registration.id);
  const auto call = world.owner();
  REQUIRE(usecases::approve_registration(world.environment(), call, ids[0]).ok());
  const auto id =
      usecases::start_decisions(world.environment(), call, {meeting.id, "approve", "", ids});
  REQUIRE(id.ok());
  const usecases::TaskKinds kinds{
      {std::string(usecases::kDecisionTask), usecases::make_decision_work(world.environment())}};
  CHECK(world.run(kinds));
  const auto task = world.find(*id);
  CHECK(task.state == TaskState::done);
  CHECK(task.total == 4);
  CHECK(task.failed == 1);
  REQUIRE(task.failures.size() == 1);
  CHECK(task.failures[0].name == "Osoba 1");
  CHECK(task.failures[0].error == domain::FieldError{"", "not_pending"});
  CHECK(world.load(ids[1]).status == RegistrationStatus::confirmed);
  CHECK(world.load(ids[3]).status == RegistrationStatus::waitlisted);
  CHECK(world.find_violations() == std::vector<std::string>{});
}

TEST_CASE("a role that is gone ends what it allowed") {
  TaskWorld world;
  auto form = world.meeting_form(2);
  form.approval = true;
  const auto meeting = world.publish(form);
  const auto one = world.enter(meeting.id, 1).registration.id;
  const auto id = usecases::start_decisions(world.environment(), world.owner(),
                                            {meeting.id, "approve", "", {one}});
  REQUIRE(id.ok());
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute("DELETE FROM person_role WHERE person_id = ?", {world.person});
    return 0;
  });
  const usecases::TaskKinds kinds{
      {std::string(usecases::kDecisionTask), usecases::make_decision_work(world.environment())}};
  CHECK(world.run(kinds));
  CHECK(world.find(*id).failed == 1);
  CHECK(world.load(one).status == RegistrationStatus::pending);
}
