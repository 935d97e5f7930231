#pragma once

#include "service/usecases/experts/preparation.h"
#include "sql/connection.h"
#include "sql/seat_store.h"

namespace narada::usecases {

// As in preparation.h, inside a transaction. Without asking who may.
Preparation read_preparation(storage::Connection&, const Environment&,
                             const domain::Meeting& meeting);
// The date where the meeting takes place.
domain::Date date_of(domain::Instant instant, const domain::MeetingSummary& meeting);

// The meeting, locked, once this actor may change what is the expert's: they act for them, it names
// them, and it is not closed.
domain::Outcome<Preparation> lock_own_preparation(storage::Connection&, const Environment&,
                                                  const Actor&, domain::MeetingId,
                                                  domain::ExpertId);

}  // namespace narada::usecases
