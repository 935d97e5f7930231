#pragma once

#include <stop_token>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Mails that ask experts for what is missing of a meeting, all of it in one.

// To everybody whose time has come, by domain::is_time_to_ask; how many mails. Any number of
// processes may do this at once and be killed at any moment. Nobody is asked of a meeting that is
// past, cancelled, half-fixed or not published, nor who wants no such mail, has no access, or has
// nothing missing. Forgets old mails as well.
int ask_for_missing(const Environment&, const std::stop_token& stopping);

// The same now, as the organizer wishes, once a day and expert. Conflict: nothing_missing,
// asked_today, nobody_to_ask (no account, no access, or they want no reminders), meeting_over. How
// many mails.
struct Asked {
  int mails = 0;
};
domain::Outcome<Asked> ask_now(const Environment&, const Call&, domain::MeetingId,
                               domain::ExpertId);

}  // namespace narada::usecases
