#pragma once

#include "service/usecases/institutions/institutions.h"
#include "sql/connection.h"

namespace narada::usecases {

// create_topic and create_expert inside the transaction of the caller. Both throw
// storage::Duplicate when somebody takes the slug meanwhile: see retry_taken_slug. `made_for`: the
// meeting whose organizers add the expert to invite them there; the activity log keeps it.
domain::Outcome<domain::TopicId> add_topic(storage::Connection& connection,
                                           const Environment& environment, const Call& call,
                                           domain::TopicRef topic);
domain::Outcome<domain::ExpertId> add_expert(storage::Connection& connection,
                                             const Environment& environment, const Call& call,
                                             ExpertForm form,
                                             std::optional<domain::MeetingId> made_for = {});

}  // namespace narada::usecases
