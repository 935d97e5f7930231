#pragma once

#include <string_view>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "sql/mail_queue_store.h"

namespace narada::usecases {

// Whether another try says the same as a mail of this kind, as far as its row without the message
// tells.
bool can_be_repeated(std::string_view kind, bool of_registration, std::string_view stop_reason);
// A mail that has ended unsent, about something that can be said again.
bool is_repeatable(const storage::MailRow& mail);

// The rest of repeat_mail(), once the actor may do it: `seen` was read in this transaction, before
// its meeting was locked. Returns the mail that will be sent.
domain::Outcome<domain::OutgoingMailId> repeat_in(storage::Connection& connection,
                                                  const Environment& environment, const Call& call,
                                                  const storage::MailRow& seen);

}  // namespace narada::usecases
