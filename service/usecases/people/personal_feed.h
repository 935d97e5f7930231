#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/registration.h"
#include "service/usecases/feeds.h"
#include "sql/connection.h"

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

// Whose key it is; absent for one that is not, or no longer, anybody's.
std::optional<domain::PersonId> find_feed_owner(storage::Connection&, const Environment&,
                                                std::string_view key);

// Every registration of the person whose key this is, from a year ago on: confirmed ones as they
// were invited, others as tentative, those that are off as cancelled for 30 days. NotFound for a
// key that is not, or no longer, somebody's.
domain::Outcome<CalendarFeed> personal_feed(const Environment&, std::string_view key,
                                            domain::Language);

// The same for readers of news, the one that changed last first: each registration with its meeting
// and when either of them changed.
struct PersonalNews {
  domain::Meeting meeting;
  domain::RegistrationStatus status = domain::RegistrationStatus::pending;
  domain::RegistrationId registration;
  domain::Instant updated_at{};
};
domain::Outcome<std::vector<PersonalNews>> personal_news(const Environment&, std::string_view key);

// The meeting of one registration of the person behind the actor, as registration_feed has it.
// NotFound for anybody else's.
domain::Outcome<CalendarFeed> my_registration_feed(const Environment&, const Actor&,
                                                   domain::RegistrationId, domain::Language);

}  // namespace narada::usecases
