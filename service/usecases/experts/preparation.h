#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "service/domain/expert_tasks.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// What the experts of a meeting prepare: what is there, what is missing, and until when.

// Somebody who acts for an expert.
struct PreparingPerson {
  domain::PersonId person;
  std::string full_name;
  std::string email;
  bool is_shown = false;        // beside the organization
  bool shares_contact = false;  // with those who lead the same
  bool may_enter = false;       // has the role that opens the workspace of this meeting
  bool wants_reminders = true;
  std::optional<domain::Instant> invited_at;
};
struct PreparingExpert {
  domain::ExpertRef expert;
  std::string organization;
  std::vector<domain::TaskStatus> tasks;
  std::vector<PreparingPerson> people;
  std::optional<domain::Instant> last_asked;
  int missing() const;  // tasks awaited
  bool is_late() const;
};
struct Preparation {
  domain::Meeting meeting;
  domain::TaskPlan plan;
  std::int64_t plan_version = 0;  // of the meeting's own plan; 0: it has none
  bool is_plan_of_cycle = false;
  domain::Instant closes_at{};  // from then on experts change nothing
  std::vector<PreparingExpert> experts;
};
// For who organizes the meeting. NotFound, Forbidden.
domain::Outcome<Preparation> load_preparation(const Environment&, const Actor&, domain::MeetingId);
// Of the meetings of a cycle that are the actor's to organize and name experts, the first first.
domain::Outcome<std::vector<Preparation>> load_cycle_preparation(const Environment&, const Actor&,
                                                                 domain::CycleId);
// Of all upcoming meetings that are the actor's to organize, the next first; at most 100.
std::vector<Preparation> load_upcoming_preparation(const Environment&, const Actor&);

// The same as one of its experts sees it: `experts` are those whom the actor acts for, `others` who
// else is named, with those people alone who share their address. For who may add_material to the
// meeting; else NotFound.
struct OwnPreparation {
  Preparation preparation;
  std::vector<PreparingExpert> others;
};
domain::Outcome<OwnPreparation> load_own_preparation(const Environment&, const Actor&,
                                                     domain::MeetingId);

// What is missing of those whom the actor acts for, of each of these meetings where something is;
// without asking who may see them.
struct AwaitedWork {
  std::int64_t tasks = 0;
  bool is_late = false;  // one of them, at least
};
std::map<domain::MeetingId, AwaitedWork> count_awaited(const Environment&, const Actor&,
                                                       const std::vector<domain::MeetingSummary>&);

// What the organizer plans. FieldErrors in "days_<key>" out_of_range, "title_<key>" too_long,
// "closes_days"; rules of tasks without a title are left out. Stale.
using PlanOwner = std::variant<domain::MeetingId, domain::CycleId>;
struct OwnPlan {
  std::string title;  // of the owner
  domain::TaskPlan plan;
  std::int64_t version = 0;
};
domain::Outcome<OwnPlan> find_cycle_plan(const Environment&, const Actor&, domain::CycleId);
domain::Outcome<domain::MeetingId> save_task_plan(const Environment&, const Call&, const PlanOwner&,
                                                  domain::TaskPlan, std::int64_t version);
// Of one expert: whether a task is wanted, and its own due date.
domain::Outcome<domain::MeetingId> set_task_exceptions(const Environment&, const Call&,
                                                       domain::MeetingId, domain::ExpertId,
                                                       const std::vector<domain::TaskAnswer>&);

// The expert's answer to recording_consent or an own task; absent takes it back. NotFound for who
// does not act for the expert; Conflict "preparation_closed".
domain::Outcome<domain::MeetingId> answer_task(const Environment&, const Call&, domain::MeetingId,
                                               domain::ExpertId, const std::string& task,
                                               std::optional<bool> answer);

// Title and summary of what an expert presents, at `position` of the program, from 0. FieldErrors;
// Stale when they are not `before` any more; Conflict "preparation_closed".
struct SessionWords {
  std::string title;
  std::string description;  // CommonMark
};
domain::Outcome<domain::MeetingId> change_session_words(const Environment&, const Call&,
                                                        domain::MeetingId, domain::ExpertId,
                                                        int position, const SessionWords& before,
                                                        SessionWords after);

// "Presentation", as mails and tables call a task.
std::string task_name(const domain::TaskRule&, domain::Language);

}  // namespace narada::usecases
