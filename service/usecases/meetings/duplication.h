#pragma once

#include "service/domain/outcome.h"
#include "service/domain/plan.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"

namespace narada::usecases {

// The day that stands in the same place of its month `years` later: of the third Tuesday of January
// the third Tuesday of January; of a fifth one the last. A public holiday moves it a week on within
// its month, or else a week back. Pure.
domain::Date shift_day(domain::Date day, int years, const domain::HolidayName& holiday_name);

// A meeting to be held again on another day: its hours, length and registration window keep their
// distance from the day. What belongs to the one time it was held is left out: the way in online,
// the source and its caveat. Pure.
MeetingForm hold_again(MeetingForm form, domain::Date day);
// The same on the day that shift_day gives.
MeetingForm shift_meeting(MeetingForm form, int years, const domain::HolidayName& holiday_name);

// A cycle to be held again: without what came of it and what was published about it. Its meetings
// but the cancelled ones are shifted, in order; nothing is stored. `sources` are the meetings that
// they come from. NotFound and Forbidden as of a change.
struct CycleCopy {
  CycleForm form;
  std::vector<domain::MeetingId> sources;
};
domain::Outcome<CycleCopy> copy_cycle(const Environment&, const Actor&, domain::CycleId, int years);
// Of a session of a cycle: one more of the same cycle.
domain::Outcome<MeetingForm> copy_meeting(const Environment&, const Actor&, domain::MeetingId,
                                          int years);

// How many years make the day come after today; at least one.
int years_until_ahead(domain::WallTime starts, domain::Instant now);

}  // namespace narada::usecases
