#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/material.h"
#include "service/domain/meeting.h"

// What the experts of a meeting prepare, by when, and when they are asked for it again.
namespace narada::domain {

enum class ExpertTask {
  bio,
  photo,
  session,  // title and summary of what they present
  presentation,
  handbook,
  recording_consent,  // a question: yes or no
  own,                // of the organizer; ticked by the expert
};
std::string_view to_string(ExpertTask task);
std::optional<ExpertTask> find_expert_task(std::string_view name);

inline constexpr int kMostOwnTasks = 5;
inline constexpr int kMostTaskDays = 180;

struct TaskRule {
  std::string key;    // the task's name; "own1" … of the organizer's own ones
  std::string title;  // of an own one
  int days_before = 14;
  bool is_wanted = true;
  friend bool operator==(const TaskRule&, const TaskRule&) = default;
};
ExpertTask task_of(const TaskRule& rule);

struct TaskPlan {
  std::vector<TaskRule> rules;
  int closes_days = kExpertsChangeFor.count();  // after the meeting's end, at most so many
  friend bool operator==(const TaskPlan&, const TaskPlan&) = default;
};
TaskPlan default_task_plan(MeetingForm form);

// What is there of an expert.
struct TaskEvidence {
  bool has_bio = false;
  bool has_photo = false;
  int sessions = 0;            // items of the program that name the expert
  int described_sessions = 0;  // of these, with a summary
  std::vector<MaterialKind> materials;
};
// What holds for one expert besides the plan.
struct TaskAnswer {
  std::string key;
  std::optional<bool> is_wanted;
  std::optional<Date> due_on;
  std::optional<bool> answer;
  std::optional<Instant> answered_at;
};

enum class TaskState { missing, late, there, not_needed };
std::string_view to_string(TaskState state);

struct TaskStatus {
  TaskRule rule;
  TaskState state = TaskState::missing;
  std::optional<Date> due_on;  // absent: the meeting has no day yet
  std::optional<bool> answer;
  std::optional<Instant> answered_at;
};
// In the order of the plan. `today` is the date where the meeting takes place. The last day counts:
// late is what is missing the day after.
std::vector<TaskStatus> decide_tasks(const TaskPlan& plan, const TaskEvidence& evidence,
                                     const std::vector<TaskAnswer>& answers,
                                     const MeetingTimes& times, Date today);

bool is_awaited(const TaskStatus& status);  // missing or late

// Whether somebody is to be asked today for what is missing: 14, 7 and 2 days before a due date, of
// which none has been followed by a mail yet, and five days after the last one at the earliest.
// `last_told`: the last such mail, or when they were invited.
bool is_time_to_ask(const std::vector<TaskStatus>& tasks, std::optional<Date> last_told,
                    Date today);

}  // namespace narada::domain
