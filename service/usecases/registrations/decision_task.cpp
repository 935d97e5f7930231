#include "service/usecases/registrations/decision_task.h"

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/registrations/registration_lists.h"
#include "service/usecases/registrations/registrations.h"

namespace narada::usecases {
namespace {

using nlohmann::json;

bool is_decision(const std::string& name) {
  return name == "approve" || name == "decline" || name == "cancel";
}

domain::Outcome<domain::Registration> decide(const Environment& environment, const Call& call,
                                             domain::RegistrationId registration,
                                             const std::string& decision,
                                             const std::string& reason) {
  if (decision == "approve") return approve_registration(environment, call, registration);
  if (decision == "decline") return decline_registration(environment, call, registration, reason);
  return cancel_registration(environment, call, registration);
}

void decide_all(const Environment& environment, TaskRun& run) {
  const auto parameters = json::parse(run.parameters());
  const auto ids = parameters.at("registrations").get<std::vector<std::int64_t>>();
  const auto decision = parameters.at("decision").get<std::string>();
  const auto reason = parameters.at("reason").get<std::string>();
  for (auto index = static_cast<std::size_t>(run.finished()); index < ids.size(); ++index) {
    auto call = run.call();
    *call.idempotency_key += ":" + std::to_string(ids[index]);
    const auto outcome =
        decide(environment, call, domain::RegistrationId{ids[index]}, decision, reason);
    std::vector<TaskFailure> failures;
    if (!outcome)
      failures.push_back(
          {"registration:" + std::to_string(ids[index]), task_error_of(outcome.failure())});
    if (!run.advance(1, failures)) return;
  }
}

}  // namespace

domain::FieldError task_error_of(const domain::Failure& failure) {
  if (const auto* errors = std::get_if<domain::FieldErrors>(&failure)) {
    if (!errors->empty()) return errors->front();
  }
  if (const auto* conflict = std::get_if<domain::Conflict>(&failure)) return {"", conflict->code};
  if (std::holds_alternative<domain::NotFound>(failure)) return {"", "task_gone"};
  return {"", "task_not_allowed"};
}

domain::Outcome<domain::TaskId> start_decisions(const Environment& environment, const Call& call,
                                                const ManyDecisions& wanted) {
  domain::FieldErrors errors;
  const auto reason = check_text(wanted.reason, "reason", kReasonBounds, errors);
  if (!is_decision(wanted.decision)) errors.push_back({"do", "nothing_to_do"});
  if (!errors.empty()) return errors;
  const auto rows = find_meeting_registrations(
      environment, call.actor, std::to_string(wanted.meeting.value), wanted.registrations);
  if (!rows) return rows.failure();
  json ids = json::array();
  for (const auto& row : *rows) ids.push_back(row.id.value);
  NewTask task;
  task.kind = kDecisionTask;
  task.total = static_cast<int>(rows->size());
  task.meeting = wanted.meeting;
  task.parameters =
      json{{"registrations", ids}, {"decision", wanted.decision}, {"reason", reason}}.dump();
  return start_task(environment, call, task);
}

TaskWork make_decision_work(const Environment& environment) {
  return [&environment](TaskRun& run) { decide_all(environment, run); };
}

}  // namespace narada::usecases
