#pragma once

#include <string_view>

#include "service/usecases/people/personal_feed.h"

namespace narada::usecases {

// When somebody has time in the year to come, for calendars that look for a date: the meetings they
// have a place at are busy time, those they wait for tentative, and what they are is not said. One
// VFREEBUSY, METHOD:PUBLISH; the same text for a whole day while nothing of it changes.

// By the key of the person's own calendar, which they may give to others. NotFound for a key that
// is not, or no longer, somebody's.
domain::Outcome<CalendarFeed> personal_free_busy(const Environment&, std::string_view key);

// Of the person behind a registration, for who may see that registration; NotFound for others and
// for somebody who has been erased.
domain::Outcome<CalendarFeed> registrant_free_busy(const Environment&, const Actor&,
                                                   domain::RegistrationId);

}  // namespace narada::usecases
