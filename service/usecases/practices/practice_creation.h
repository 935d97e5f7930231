#pragma once

#include <cstdint>

#include "service/usecases/practices/practices.h"
#include "sql/connection.h"

namespace narada::usecases {

// create_practice and publish_practice inside the transaction of the caller. The first throws
// storage::Duplicate when somebody takes the slug meanwhile: see retry_taken_slug.
domain::Outcome<domain::PracticeId> add_practice_draft(storage::Connection& connection,
                                                       const Environment& environment,
                                                       const Call& call, const PracticeForm& form);
// change_practice likewise; the row is locked.
domain::Outcome<domain::PracticeId> change_practice_in(storage::Connection& connection,
                                                       const Environment& environment,
                                                       const Call& call, domain::PracticeId id,
                                                       std::int64_t version,
                                                       const PracticeForm& form);
domain::Outcome<domain::PracticeId> publish_practice_draft(storage::Connection& connection,
                                                           const Environment& environment,
                                                           const Call& call, domain::PracticeId id);

}  // namespace narada::usecases
