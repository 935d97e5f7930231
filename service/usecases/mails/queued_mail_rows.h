#pragma once

#include <vector>

#include "service/usecases/mails/mail_queue.h"
#include "sql/mail_queue_store.h"

namespace narada::usecases {

// Rows of the outbox as the use cases give them out. `raw` is left behind.
MailState state_of(const storage::MailRow& row);
QueuedMail to_queued_mail(storage::MailRow row);
std::vector<QueuedMail> to_queued_mails(std::vector<storage::MailRow> rows);

}  // namespace narada::usecases
