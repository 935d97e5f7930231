#pragma once

#include "service/usecases/meetings/cycles.h"
#include "sql/connection.h"

namespace narada::usecases {

// create_cycle and publish_cycle inside the transaction of the caller. Both throw
// storage::Duplicate when somebody takes a slug meanwhile: see retry_taken_slug.
domain::Outcome<domain::CycleId> add_cycle_draft(storage::Connection& connection,
                                                 const Environment& environment, const Call& call,
                                                 const CycleForm& form);
domain::Outcome<domain::CycleId> publish_cycle_draft(storage::Connection& connection,
                                                     const Environment& environment,
                                                     const Call& call, domain::CycleId id);

}  // namespace narada::usecases
