#pragma once

#include <string>

#include "service/usecases/mails/mail_delivery.h"
#include "service/usecases/mails/mail_gauges.h"

namespace narada::http {

// The outbox for GET /metrics, of all processes together: narada_mails by state,
// narada_mails_waiting and narada_mails_paused by priority, narada_mail_pauses and
// narada_mails_oldest_due_seconds. Every label is named, with zero where there is nothing.
std::string mail_metrics(const usecases::MailGauges& gauges);

// What this process has done since it began: narada_mail_attempts_total by what came of them.
std::string mail_counters(const usecases::DeliveryTotals& totals);

}  // namespace narada::http
