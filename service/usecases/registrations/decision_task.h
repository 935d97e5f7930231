#pragma once

#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/usecases/tasks.h"

namespace narada::usecases {

// Decisions about many registrations of one meeting, as a task: each in a transaction of its own,
// with what approve_registration, decline_registration and cancel_registration allow at that
// moment.
inline constexpr std::string_view kDecisionTask = "decide_registrations";

struct ManyDecisions {
  domain::MeetingId meeting;
  std::string decision;  // approve, decline, cancel
  std::string reason;    // of declining
  std::vector<domain::RegistrationId> registrations;
};
// FieldErrors as decline_registration names them; do "nothing_to_do" for another decision. Only
// those that stand at the meeting and that the actor sees are taken.
domain::Outcome<domain::TaskId> start_decisions(const Environment&, const Call&,
                                                const ManyDecisions&);
// How a task says what came of one thing that could not be done.
domain::FieldError task_error_of(const domain::Failure&);
// `environment` outlives it.
TaskWork make_decision_work(const Environment& environment);

}  // namespace narada::usecases
