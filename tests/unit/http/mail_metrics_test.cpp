#include "service/http/mail_metrics.h"

#include <doctest/doctest.h>

using namespace narada;

TEST_CASE("the outbox is told by state, with zeros where there is nothing") {
  usecases::MailGauges gauges;
  gauges.by_state = {{usecases::MailState::queued, 3}, {usecases::MailState::failed, 1}};
  gauges.oldest_due_seconds = 75;
  CHECK(http::mail_metrics(gauges) ==
        "# HELP narada_mails Mails in the outbox, by state.\n"
        "# TYPE narada_mails gauge\n"
        "narada_mails{state=\"queued\"} 3\n"
        "narada_mails{state=\"inflight\"} 0\n"
        "narada_mails{state=\"awaiting_retry\"} 0\n"
        "narada_mails{state=\"sent\"} 0\n"
        "narada_mails{state=\"failed\"} 1\n"
        "narada_mails{state=\"bounced\"} 0\n"
        "narada_mails{state=\"aborted\"} 0\n"
        "# HELP narada_mails_oldest_due_seconds For how long the mail that waits longest could "
        "have been sent.\n"
        "# TYPE narada_mails_oldest_due_seconds gauge\n"
        "narada_mails_oldest_due_seconds 75\n");
}
