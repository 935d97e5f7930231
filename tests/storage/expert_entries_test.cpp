// Who is given an entry of the catalogue of experts, and what is awaited of them for many meetings.
#include <doctest/doctest.h>

#include "service/usecases/experts/expert_profiles.h"
#include "service/usecases/institutions/institutions.h"
#include "sql/expert_task_store.h"
#include "sql/pool.h"
#include "tests/storage/prepared_world.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;
using domain::MeetingId;

TEST_CASE("an entry of the catalogue is given by those who keep it, unless it was made here") {
  PreparedWorld world;
  Call of_meeting = world.call_of(world.enter(world.id, 1).registration.person.id);
  of_meeting.actor.grants = {{Role::organizer, world.id}};
  const auto invite = [&](const std::string& expert, const std::string& email) {
    return describe(invite_expert(world.environment(), of_meeting, world.id,
                                  {expert, email, "Jan Kot", std::nullopt}));
  };
  ExpertForm form;
  form.name = "Politechnika";
  const auto office = create_expert(world.environment(), world.organizer(), form)->id;
  CHECK(invite("politechnika", "jan@b.example") == "expert:expert_of_catalogue");
  // Not by being named in the meeting either.
  world.pool().transact([&](storage::Connection& connection) {
    return storage::add_expert_to_meeting(connection, world.id, office, std::nullopt);
  });
  CHECK(invite("politechnika", "jan@b.example") == "expert:expert_of_catalogue");
  CHECK(world.count("expert_member") == 0);

  const auto wrong = world.invite("Ewa Sowa", "obca@urzad.example", "Ewa Sowa");
  const auto expert = find_own_expert(world.environment(), world.call_of(wrong).actor)->expert.id;
  CHECK(invite("ewa-sowa", "ewa@urzad.example") == "expert:expert_has_account");
  CHECK(invite("ewa-sowa", "obca@urzad.example") == "expert:expert_has_account");  // another name
  REQUIRE(remove_expert_person(world.environment(), world.organizer(), expert, wrong).ok());
  const auto other = world.publish().id;
  for (const bool elsewhere : {true, false}) {
    CAPTURE(elsewhere);
    world.pool().transact([&](storage::Connection& connection) {
      connection.execute("DELETE FROM meeting_expert WHERE meeting_id = ?", {other});
      if (elsewhere) storage::add_expert_to_meeting(connection, other, expert, std::nullopt);
      return 0;
    });
    CHECK(invite("ewa-sowa", "ewa@urzad.example") ==
          (elsewhere ? "expert:expert_of_catalogue" : "ok"));
  }
  CHECK(world.count("expert_member WHERE expert_id = " + std::to_string(expert.value)) == 1);
}

TEST_CASE("what is awaited of somebody for many meetings is read at once, as for each") {
  PreparedWorld world;
  const auto person = world.invite("Ewa Sowa", "ewa@urzad.example");
  const auto call = world.call_of(person);
  const auto expert = world.prepared().experts.at(0).expert.id;
  const auto name_in = [&](MeetingId meeting) {
    world.pool().transact([&](storage::Connection& connection) {
      return storage::add_expert_to_meeting(connection, meeting, expert, std::nullopt);
    });
  };
  auto form = world.meeting_form();
  form.starts += std::chrono::months(8);
  form.ends += std::chrono::months(8);
  std::vector<domain::MeetingSummary> meetings{world.meeting(world.id)};
  for (int number = 0; number < 5; ++number) {
    const auto id = world.publish(form).id;
    name_in(id);
    meetings.push_back(world.meeting(id));
  }
  // One with a plan of its own, one with an exception, one that names others alone.
  domain::TaskPlan plan{{{"bio", "", 3, true}, {"own-1", "Ankieta", 5, true}}, 10};
  REQUIRE(save_task_plan(world.environment(), world.organizer(), meetings[1].id, plan, 0).ok());
  REQUIRE(set_task_exceptions(world.environment(), world.organizer(), meetings[2].id, expert,
                              {{"bio", false, std::nullopt, std::nullopt, std::nullopt}})
              .ok());
  meetings.push_back(world.meeting(world.publish(form).id));
  world.set_day(3, 15);

  const auto statements_of = [&](const std::vector<domain::MeetingSummary>& some) {
    const auto before = world.pool().lease()->statements();
    count_awaited(world.environment(), call.actor, some);
    return world.pool().lease()->statements() - before;
  };
  const auto all = count_awaited(world.environment(), call.actor, meetings);
  CHECK(statements_of(meetings) == statements_of({meetings[0]}));
  for (const auto& meeting : meetings) {
    CAPTURE(meeting.id.value);
    std::int64_t tasks = 0;
    bool late = false;
    const auto each = load_preparation(world.environment(), world.organizer().actor, meeting.id);
    REQUIRE(each.ok());
    for (const auto& one : each->experts) {
      tasks += one.missing();
      late = late || one.is_late();
    }
    const auto found = all.find(meeting.id);
    CHECK((found == all.end() ? 0 : found->second.tasks) == tasks);
    CHECK((found != all.end() && found->second.is_late) == late);
  }
  CHECK(all.at(meetings[0].id).is_late);
  CHECK(all.at(meetings[1].id).tasks == 2);
  CHECK(all.at(meetings[2].id).tasks < all.at(meetings[3].id).tasks);
  CHECK_FALSE(all.contains(meetings.back().id));
  CHECK(count_awaited(world.environment(), world.visitor().actor, meetings).empty());
}
