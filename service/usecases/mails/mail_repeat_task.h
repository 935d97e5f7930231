#pragma once

#include "service/domain/outcome.h"
#include "service/usecases/mails/mail_queue.h"
#include "service/usecases/tasks.h"

namespace narada::usecases {

// "Try again" for many mails that did not arrive, as a task: each in a transaction of its own, with
// what repeat_mail() allows at that moment.
inline constexpr std::string_view kMailRepeatTask = "repeat_mails";
inline constexpr int kMostRepeatedAtOnce = 10'000;

// Of those that the filter finds, whatever its `unsent` says; those that cannot be written anew, as
// mails about accounts, are left out. Conflict nothing_to_repeat. Forbidden for who reaches no
// mails.
domain::Outcome<domain::TaskId> start_mail_repeats(const Environment&, const Call&,
                                                   const MailQueueFilter&);
// `environment` outlives it.
TaskWork make_mail_repeat_work(const Environment& environment);

}  // namespace narada::usecases
