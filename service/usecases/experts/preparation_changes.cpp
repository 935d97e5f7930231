#include <algorithm>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/experts/preparation.h"
#include "service/usecases/experts/stored_preparation.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/operations.h"
#include "service/usecases/stored_things.h"
#include "sql/cycle_store.h"
#include "sql/expert_task_store.h"

namespace narada::usecases {
namespace {

using domain::ExpertTask;
using domain::FieldErrors;
using domain::MeetingId;
using domain::Outcome;

constexpr std::int64_t kMostClosingDays = domain::kExpertsChangeFor.count();
constexpr std::size_t kLongestTitle = 200;
constexpr std::size_t kLongestSummary = 2000;

void check_plan(domain::TaskPlan& plan, FieldErrors& errors) {
  FieldChecks checks(errors);
  checks.check_range("closes_days", plan.closes_days, 0, kMostClosingDays);
  std::erase_if(plan.rules, [](const domain::TaskRule& rule) {
    return task_of(rule) == ExpertTask::own &&
           rule.title.find_first_not_of(" \t") == std::string::npos;
  });
  for (auto& rule : plan.rules) {
    checks.check_range("days_" + rule.key, rule.days_before, 0, domain::kMostTaskDays);
    checks.check_text("title_" + rule.key, rule.title, {.max = kLongestTitle});
  }
}

struct Subject {
  std::string_view kind;
  std::int64_t id = 0;
  std::optional<MeetingId> meeting;
};
Subject subject_of(const PlanOwner& owner) {
  if (const auto* meeting = std::get_if<MeetingId>(&owner))
    return {"meeting", meeting->value, *meeting};
  return {"cycle", std::get<domain::CycleId>(owner).value, std::nullopt};
}

Outcome<Thing> check_owner(storage::Connection& connection, const Actor& actor,
                           const PlanOwner& owner) {
  return std::visit(
      [&](auto id) {
        if constexpr (std::is_same_v<decltype(id), MeetingId>)
          return check_meeting(connection, actor, Action::organize, id);
        else
          return check_cycle(connection, actor, Action::organize, id);
      },
      owner);
}

bool is_answerable(const Preparation& preparation, const std::string& task) {
  return std::any_of(preparation.plan.rules.begin(), preparation.plan.rules.end(),
                     [&](const domain::TaskRule& rule) {
                       const auto kind = task_of(rule);
                       return rule.key == task &&
                              (kind == ExpertTask::recording_consent || kind == ExpertTask::own);
                     });
}

}  // namespace

Outcome<OwnPlan> find_cycle_plan(const Environment& environment, const Actor& actor,
                                 domain::CycleId cycle) {
  return read_database(environment, [&](storage::Connection& connection) -> Outcome<OwnPlan> {
    const auto allowed = check_cycle(connection, actor, Action::organize, cycle);
    if (!allowed) return allowed.failure();
    OwnPlan plan{{}, domain::default_task_plan(domain::MeetingForm::meeting), 0};
    if (auto stored = storage::find_task_plan(connection, cycle)) {
      plan.plan = std::move(stored->plan);
      plan.version = stored->version;
    }
    return plan;
  });
}

Outcome<MeetingId> save_task_plan(const Environment& environment, const Call& call,
                                  const PlanOwner& owner, domain::TaskPlan plan,
                                  std::int64_t version) {
  FieldErrors errors;
  check_plan(plan, errors);
  const auto subject = subject_of(owner);
  return run_once_for_id<MeetingId>(
      environment, call, "save_task_plan",
      [&](storage::Connection& connection) -> Outcome<MeetingId> {
        const auto allowed = check_owner(connection, call.actor, owner);
        if (!allowed) return allowed.failure();
        if (!errors.empty()) return errors;
        const auto before = storage::find_task_plan(connection, owner);
        if ((before ? before->version : 0) != version) return domain::Stale{};
        if (before && before->plan == plan) return MeetingId{subject.id};
        if (!storage::save_task_plan(connection, owner, plan, version)) return domain::Stale{};
        record_activity(connection, environment, call,
                        std::string(subject.kind) + ".preparation_changed", subject.kind,
                        subject.id, subject.meeting);
        return MeetingId{subject.id};
      });
}

Outcome<MeetingId> set_task_exceptions(const Environment& environment, const Call& call,
                                       MeetingId meeting, domain::ExpertId expert,
                                       const std::vector<domain::TaskAnswer>& exceptions) {
  return run_once_for_id<MeetingId>(
      environment, call, "set_task_exceptions",
      [&](storage::Connection& connection) -> Outcome<MeetingId> {
        const auto allowed = check_meeting(connection, call.actor, Action::organize, meeting);
        if (!allowed) return allowed.failure();
        const auto seated = storage::find_seated_meeting(connection, meeting);
        if (!seated) return domain::NotFound{};
        const auto preparation = read_preparation(connection, environment, seated->meeting);
        const auto named =
            std::find_if(preparation.experts.begin(), preparation.experts.end(),
                         [&](const PreparingExpert& one) { return one.expert.id == expert; });
        if (named == preparation.experts.end()) return domain::NotFound{};
        for (const auto& exception : exceptions) {
          const bool planned =
              std::any_of(preparation.plan.rules.begin(), preparation.plan.rules.end(),
                          [&](const domain::TaskRule& rule) { return rule.key == exception.key; });
          if (planned) storage::save_task_exception(connection, meeting, expert, exception);
        }
        record_activity(connection, environment, call, "meeting.preparation_changed", "meeting",
                        meeting.value, meeting,
                        R"({"expert":)" + std::to_string(expert.value) + "}");
        return meeting;
      });
}

Outcome<MeetingId> answer_task(const Environment& environment, const Call& call, MeetingId meeting,
                               domain::ExpertId expert, const std::string& task,
                               std::optional<bool> answer) {
  return run_once_for_id<MeetingId>(
      environment, call, "answer_expert_task",
      [&](storage::Connection& connection) -> Outcome<MeetingId> {
        const auto own = lock_own_preparation(connection, environment, call.actor, meeting, expert);
        if (!own) return own.failure();
        if (!is_answerable(*own, task)) return domain::NotFound{};
        storage::save_task_answer(connection, meeting, expert, task, answer, *call.actor.person,
                                  environment.clock->now());
        record_activity(connection, environment, call, "expert.task_answered", "expert",
                        expert.value, meeting, R"({"task":")" + task + R"("})");
        return meeting;
      });
}

Outcome<MeetingId> change_session_words(const Environment& environment, const Call& call,
                                        MeetingId meeting, domain::ExpertId expert, int position,
                                        const SessionWords& before, SessionWords after) {
  FieldErrors errors;
  FieldChecks checks(errors);
  checks.check_text("title", after.title, {.max = kLongestTitle, .presence = Presence::required});
  checks.check_text("description", after.description,
                    {.max = kLongestSummary, .lines = Lines::many});
  const auto changed = run_once_for_id<MeetingId>(
      environment, call, "change_session_words",
      [&](storage::Connection& connection) -> Outcome<MeetingId> {
        const auto own = lock_own_preparation(connection, environment, call.actor, meeting, expert);
        if (!own) return own.failure();
        if (environment.clock->now() >= own->meeting.times.starts_at)
          return domain::Conflict{"preparation_closed"};
        if (!errors.empty()) return errors;
        if (!storage::save_session_text(connection, meeting, position, expert,
                                        {before.title, before.description},
                                        {after.title, after.description}))
          return domain::Stale{};
        record_activity(connection, environment, call, "meeting.changed", "meeting", meeting.value,
                        meeting, R"({"fields":["program"]})");
        return meeting;
      });
  if (changed) note_catalogue_write(environment);
  return changed;
}

std::string task_name(const domain::TaskRule& rule, domain::Language language) {
  const bool english = language == domain::Language::en;
  switch (task_of(rule)) {
    case ExpertTask::bio:
      return english ? "A note about you" : "Kilka zdań o sobie";
    case ExpertTask::photo:
      return english ? "Your photo" : "Zdjęcie";
    case ExpertTask::session:
      return english ? "Title and summary of your session" : "Tytuł i opis wystąpienia";
    case ExpertTask::presentation:
      return english ? "Presentation" : "Prezentacja";
    case ExpertTask::handbook:
      return english ? "Handbook for participants" : "Podręcznik dla uczestników";
    case ExpertTask::recording_consent:
      return english ? "Whether we may record you" : "Zgoda na nagrywanie: tak albo nie";
    case ExpertTask::own:
      return rule.title;
  }
  return {};
}

}  // namespace narada::usecases
