#pragma once

#include <string>

#include "service/usecases/mails/mail_queue.h"

namespace narada::http {

// The outbox for GET /metrics: narada_mails by state, every state named, and
// narada_mails_oldest_due_seconds.
std::string mail_metrics(const usecases::MailGauges& gauges);

}  // namespace narada::http
