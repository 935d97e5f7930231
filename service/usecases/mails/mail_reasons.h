#pragma once

#include <string>

#include "service/usecases/mails/mail_queue.h"

namespace narada::usecases {

// Why a mail did not arrive, as a code that people read as the text "mail_reason.<code>": from the
// reply codes of RFC 5321 and the enhanced ones of RFC 3463 in the server's last words, or from
// what stopped the mail before it was sent. Empty for one that may still arrive.
std::string reason_of(const QueuedMail& mail);

}  // namespace narada::usecases
