#pragma once

#include <stop_token>

#include "notifications/imap_mailbox.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Takes what has come to the reply mailbox since the last time; each message is marked as read only
// once what comes of it has been committed. Of two processes that read at once one finds that the
// message is known. How many were taken. Throws what made it stop, after the other messages.
int read_mailbox(const Environment&, const notifications::ImapMailbox& mailbox,
                 const std::stop_token& stopping = {});

}  // namespace narada::usecases
