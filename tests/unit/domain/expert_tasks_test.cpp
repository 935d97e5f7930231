#include "service/domain/expert_tasks.h"

#include <doctest/doctest.h>

using namespace narada::domain;

namespace {

constexpr Date day_of(int month, int day) { return std::chrono::year(2027) / month / day; }

// On 19 January 2027 at 10:00.
MeetingTimes times() {
  MeetingTimes times;
  times.starts = WallTime{std::chrono::local_days(day_of(1, 19))} + std::chrono::hours(10);
  times.ends = times.starts + std::chrono::hours(5);
  return times;
}

std::vector<std::string> states(const std::vector<TaskStatus>& tasks) {
  std::vector<std::string> all;
  for (const auto& task : tasks)
    all.push_back(task.rule.key + " " + std::string(to_string(task.state)));
  return all;
}

TaskPlan whole_plan() {
  auto plan = default_task_plan(MeetingForm::training);
  for (auto& rule : plan.rules) rule.is_wanted = true;
  plan.rules.push_back({"own1", "Lista potrzebnego sprzętu", 3, true});
  return plan;
}

using States = std::vector<std::string>;

}  // namespace

TEST_CASE("what is asked of experts goes by the form of the meeting") {
  struct Row {
    MeetingForm form;
    States wanted;
  };
  const std::vector<Row> rows{
      {MeetingForm::meeting, {"bio", "photo", "session", "presentation"}},
      {MeetingForm::workshop, {"bio", "photo", "session", "presentation", "handbook"}},
      {MeetingForm::webinar, {"bio", "photo", "session", "presentation", "recording_consent"}},
      {MeetingForm::study_visit, {"bio", "photo", "session"}}};
  for (const auto& row : rows) {
    States wanted;
    for (const auto& rule : default_task_plan(row.form).rules)
      if (rule.is_wanted) wanted.push_back(rule.key);
    CHECK(wanted == row.wanted);
  }
}

TEST_CASE("each task is there by what it asks for, and by nothing else") {
  struct Row {
    const char* name;
    TaskEvidence evidence;
    std::vector<TaskAnswer> answers;
    std::string there;  // the one task that is; empty: none
  };
  const std::vector<Row> rows{
      {"nothing", {}, {}, ""},
      {"a note", {true, false, 0, 0, {}}, {}, "bio"},
      {"a photo", {false, true, 0, 0, {}}, {}, "photo"},
      {"a session of two without summary", {false, false, 2, 1, {}}, {}, ""},
      {"both with summaries", {false, false, 2, 2, {}}, {}, "session"},
      {"slides", {false, false, 0, 0, {MaterialKind::presentation}}, {}, "presentation"},
      {"a handbook", {false, false, 0, 0, {MaterialKind::handbook}}, {}, "handbook"},
      {"another material", {false, false, 0, 0, {MaterialKind::exercise}}, {}, ""},
      {"consent", {}, {{"recording_consent", {}, {}, true, {}}}, "recording_consent"},
      {"a refusal is an answer",
       {},
       {{"recording_consent", {}, {}, false, {}}},
       "recording_consent"},
      {"an own task ticked", {}, {{"own1", {}, {}, true, {}}}, "own1"},
      {"an own task unticked", {}, {{"own1", {}, {}, false, {}}}, ""}};
  for (const auto& row : rows) {
    CAPTURE(row.name);
    States there;
    for (const auto& task :
         decide_tasks(whole_plan(), row.evidence, row.answers, times(), day_of(1, 1)))
      if (task.state == TaskState::there) there.push_back(task.rule.key);
    CHECK(there == (row.there.empty() ? States{} : States{row.there}));
  }
}

TEST_CASE("a task is late the day after its date, and has none before the meeting has a day") {
  const TaskPlan plan{{{"presentation", "", 7, true}}, 7};
  const auto decide = [&](Date today, const MeetingTimes& when,
                          const std::vector<TaskAnswer>& answers = {}) {
    return decide_tasks(plan, {}, answers, when, today).at(0);
  };
  CHECK(decide(day_of(1, 12), times()).due_on == day_of(1, 12));
  CHECK(decide(day_of(1, 12), times()).state == TaskState::missing);
  CHECK(decide(day_of(1, 13), times()).state == TaskState::late);
  auto half_fixed = times();
  half_fixed.precision = TimePrecision::month;
  CHECK_FALSE(decide(day_of(1, 13), half_fixed).due_on);
  CHECK(decide(day_of(1, 13), half_fixed).state == TaskState::missing);
  // The organizer gives one expert longer, or asks nothing of them.
  CHECK(decide(day_of(1, 13), times(), {{"presentation", {}, day_of(1, 15), {}, {}}}).state ==
        TaskState::missing);
  CHECK(decide(day_of(1, 13), times(), {{"presentation", false, {}, {}, {}}}).state ==
        TaskState::not_needed);
}

TEST_CASE("who presents nothing in the program has no summary to write") {
  const auto plan = default_task_plan(MeetingForm::meeting);
  const auto tasks = decide_tasks(plan, {}, {}, times(), day_of(1, 1));
  CHECK(states(tasks) == States{"bio missing", "photo missing", "session not_needed",
                                "presentation missing", "handbook not_needed",
                                "recording_consent not_needed"});
}

TEST_CASE("somebody is asked 14, 7 and 2 days before, and not twice within five days") {
  // Due on 29 January.
  const TaskPlan plan{{{"presentation", "", 7, true}}, 7};
  auto later = times();
  later.starts += std::chrono::days(17);
  struct Row {
    const char* name;
    Date today;
    std::optional<Date> told;
    bool asked;
  };
  const std::vector<Row> rows{
      {"15 days before", day_of(1, 14), {}, false},
      {"14 days before", day_of(1, 15), {}, true},
      {"told that day", day_of(1, 15), day_of(1, 15), false},
      {"between two times", day_of(1, 21), day_of(1, 15), false},
      {"7 days before", day_of(1, 22), day_of(1, 15), true},
      {"7 days before, told 4 days ago", day_of(1, 22), day_of(1, 18), false},
      {"and a day later", day_of(1, 23), day_of(1, 18), true},
      {"2 days before", day_of(1, 27), day_of(1, 22), true},
      {"2 days before, told 3 days ago", day_of(1, 27), day_of(1, 24), false},
      {"on the day itself", day_of(1, 29), day_of(1, 24), true},
      {"asked after the last time", day_of(2, 4), day_of(1, 29), false},
      {"invited long after the first time", day_of(1, 24), day_of(1, 23), false}};
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(is_time_to_ask(decide_tasks(plan, {}, {}, later, row.today), row.told, row.today) ==
          row.asked);
  }
  const TaskEvidence all{true, true, 0, 0, {MaterialKind::presentation}};
  CHECK_FALSE(is_time_to_ask(decide_tasks(plan, all, {}, later, day_of(1, 15)), {}, day_of(1, 15)));
}
