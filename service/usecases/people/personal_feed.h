#pragma once

#include <string>
#include <string_view>

#include "service/usecases/feeds.h"

namespace narada::usecases {

// The calendar of one person for programs that know no session: whoever has its address reads it.
// The address holds a key that only this installation can make; the database keeps the number of
// the key's generation, and raising it makes every older address worthless.

// The path of /moje.ics with the key of that generation, with /en in English; empty for generation
// 0, which is none.
std::string personal_feed_path(const Environment&, domain::PersonId, int generation,
                               domain::Language);
// A new address in place of the one of generation `seen` (0: the first one); the new generation.
// Conflict feed_changed when it is another by now.
domain::Outcome<int> renew_personal_feed(const Environment&, const Call&, domain::PersonId,
                                         int seen);

// Every registration of the person whose key this is, from a year ago on: confirmed ones as they
// were invited, others as tentative, those that are off as cancelled for 30 days. NotFound for a
// key that is not, or no longer, somebody's.
domain::Outcome<CalendarFeed> personal_feed(const Environment&, std::string_view key,
                                            domain::Language);

// The meeting of one registration of the person behind the actor, as registration_feed has it.
// NotFound for anybody else's.
domain::Outcome<CalendarFeed> my_registration_feed(const Environment&, const Actor&,
                                                   domain::RegistrationId, domain::Language);

}  // namespace narada::usecases
