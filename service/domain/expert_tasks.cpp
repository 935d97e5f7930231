#include "service/domain/expert_tasks.h"

#include <algorithm>
#include <array>

#include "service/domain/enum_names.h"
#include "service/domain/half_fixed.h"

namespace narada::domain {
namespace {

constexpr EnumNames<ExpertTask, 7> kTasks{
    {"bio", "photo", "session", "presentation", "handbook", "recording_consent", "own"}};
static_assert(is_complete(kTasks, ExpertTask::own));

constexpr EnumNames<TaskState, 4> kStates{{"missing", "late", "there", "not_needed"}};
static_assert(is_complete(kStates, TaskState::not_needed));

constexpr std::array kAskDays{14, 7, 2};  // before the due date
constexpr std::chrono::days kPause{5};
constexpr int kTwoWeeks = 14;
constexpr int kOneWeek = 7;

bool has_handbook(MeetingForm form) {
  return form == MeetingForm::workshop || form == MeetingForm::training;
}
bool is_outdoors(MeetingForm form) {
  return form == MeetingForm::study_visit || form == MeetingForm::research_walk ||
         form == MeetingForm::field_interviews;
}
bool is_often_recorded(MeetingForm form) {
  return form == MeetingForm::webinar || form == MeetingForm::conference;
}

bool has_material(const TaskEvidence& evidence, MaterialKind kind) {
  return std::find(evidence.materials.begin(), evidence.materials.end(), kind) !=
         evidence.materials.end();
}

bool is_there(ExpertTask task, const TaskEvidence& evidence, const TaskAnswer& answer) {
  switch (task) {
    case ExpertTask::bio:
      return evidence.has_bio;
    case ExpertTask::photo:
      return evidence.has_photo;
    case ExpertTask::session:
      return evidence.sessions > 0 && evidence.described_sessions == evidence.sessions;
    case ExpertTask::presentation:
      return has_material(evidence, MaterialKind::presentation);
    case ExpertTask::handbook:
      return has_material(evidence, MaterialKind::handbook);
    case ExpertTask::recording_consent:
      return answer.answer.has_value();
    case ExpertTask::own:
      return answer.answer.value_or(false);
  }
  return false;
}

TaskStatus decide_task(const TaskRule& rule, const TaskEvidence& evidence,
                       const std::vector<TaskAnswer>& answers, const MeetingTimes& times,
                       Date today) {
  const auto found = std::find_if(answers.begin(), answers.end(),
                                  [&](const TaskAnswer& one) { return one.key == rule.key; });
  const TaskAnswer answer = found == answers.end() ? TaskAnswer{} : *found;
  TaskStatus status{rule, TaskState::missing, answer.due_on, answer.answer, answer.answered_at};
  if (!status.due_on && !is_half_fixed(times)) {
    const auto start = std::chrono::floor<std::chrono::days>(times.starts);
    status.due_on = Date{start - std::chrono::days(rule.days_before)};
  }
  const auto task = task_of(rule);
  // Who presents nothing of their own has no summary to write, unless they are asked for one.
  const bool planned = rule.is_wanted && (task != ExpertTask::session || evidence.sessions > 0);
  if (is_there(task, evidence, answer))
    status.state = TaskState::there;
  else if (!answer.is_wanted.value_or(planned))
    status.state = TaskState::not_needed;
  else if (status.due_on && *status.due_on < today)
    status.state = TaskState::late;
  return status;
}

}  // namespace

std::string_view to_string(ExpertTask task) { return kTasks.name_of(task); }
std::optional<ExpertTask> find_expert_task(std::string_view name) { return kTasks.find(name); }
std::string_view to_string(TaskState state) { return kStates.name_of(state); }

ExpertTask task_of(const TaskRule& rule) {
  return find_expert_task(rule.key).value_or(ExpertTask::own);
}

TaskPlan default_task_plan(MeetingForm form) {
  const auto rule = [](ExpertTask task, int days, bool wanted) {
    return TaskRule{std::string(to_string(task)), {}, days, wanted};
  };
  return {{rule(ExpertTask::bio, kTwoWeeks, true), rule(ExpertTask::photo, kTwoWeeks, true),
           rule(ExpertTask::session, kTwoWeeks, true),
           rule(ExpertTask::presentation, kOneWeek, !is_outdoors(form)),
           rule(ExpertTask::handbook, kTwoWeeks, has_handbook(form)),
           rule(ExpertTask::recording_consent, kOneWeek, is_often_recorded(form))},
          TaskPlan{}.closes_days};
}

std::vector<TaskStatus> decide_tasks(const TaskPlan& plan, const TaskEvidence& evidence,
                                     const std::vector<TaskAnswer>& answers,
                                     const MeetingTimes& times, Date today) {
  std::vector<TaskStatus> tasks;
  for (const auto& rule : plan.rules)
    tasks.push_back(decide_task(rule, evidence, answers, times, today));
  return tasks;
}

bool is_awaited(const TaskStatus& status) {
  return status.state == TaskState::missing || status.state == TaskState::late;
}

bool is_time_to_ask(const std::vector<TaskStatus>& tasks, std::optional<Date> last_told,
                    Date today) {
  using Days = std::chrono::sys_days;
  if (last_told && Days(today) - Days(*last_told) < kPause) return false;
  return std::any_of(tasks.begin(), tasks.end(), [&](const TaskStatus& task) {
    if (!is_awaited(task) || !task.due_on) return false;
    return std::any_of(kAskDays.begin(), kAskDays.end(), [&](int days) {
      const auto ask_on = Days(*task.due_on) - std::chrono::days(days);
      return ask_on <= Days(today) && (!last_told || Days(*last_told) < ask_on);
    });
  });
}

}  // namespace narada::domain
