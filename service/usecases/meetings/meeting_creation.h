#pragma once

#include "service/domain/meeting.h"
#include "service/usecases/environment.h"
#include "sql/connection.h"

namespace narada::usecases {

// Stores a checked meeting as a draft, with a slug, a uid and its activity row, inside the
// transaction of the caller. Throws storage::Duplicate when somebody takes the slug meanwhile: see
// retry_taken_slug.
domain::MeetingId add_meeting_draft(storage::Connection& connection, const Environment& environment,
                                    const Call& call, domain::Meeting meeting);

}  // namespace narada::usecases
