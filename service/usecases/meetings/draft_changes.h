#pragma once

#include <cstdint>

#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"
#include "sql/connection.h"

namespace narada::usecases {

// change_meeting() and change_cycle() inside the transaction of the caller.
domain::Outcome<domain::MeetingId> change_meeting_in(storage::Connection&, const Environment&,
                                                     const Call&, domain::MeetingId,
                                                     std::int64_t version, const MeetingForm&,
                                                     Shrinking);
domain::Outcome<domain::CycleId> change_cycle_in(storage::Connection&, const Environment&,
                                                 const Call&, domain::CycleId, std::int64_t version,
                                                 const CycleForm&);

}  // namespace narada::usecases
