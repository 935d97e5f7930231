#include "service/http/mail_metrics.h"

#include <doctest/doctest.h>

using namespace narada;

TEST_CASE("the outbox is told by state, with zeros where there is nothing") {
  usecases::MailGauges gauges;
  gauges.by_state = {{usecases::MailState::queued, 3}, {usecases::MailState::failed, 1}};
  gauges.waiting[1].count = 3;
  gauges.waiting[2].count = 2;
  gauges.waiting[2].paused = 2;
  gauges.bulk_paused = true;
  gauges.meetings_paused = 4;
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
        "# HELP narada_mails_waiting Mails that have not left, by priority.\n"
        "# TYPE narada_mails_waiting gauge\n"
        "narada_mails_waiting{priority=\"urgent\"} 0\n"
        "narada_mails_waiting{priority=\"ordinary\"} 3\n"
        "narada_mails_waiting{priority=\"bulk\"} 2\n"
        "# HELP narada_mails_paused Of those, mails that somebody has paused.\n"
        "# TYPE narada_mails_paused gauge\n"
        "narada_mails_paused{priority=\"urgent\"} 0\n"
        "narada_mails_paused{priority=\"ordinary\"} 0\n"
        "narada_mails_paused{priority=\"bulk\"} 2\n"
        "# HELP narada_mail_pauses What is paused: all mail, mail to many, the mails of single "
        "meetings.\n"
        "# TYPE narada_mail_pauses gauge\n"
        "narada_mail_pauses{of=\"all\"} 0\n"
        "narada_mail_pauses{of=\"bulk\"} 1\n"
        "narada_mail_pauses{of=\"meetings\"} 4\n"
        "# HELP narada_mails_oldest_due_seconds For how long the mail that waits longest could "
        "have been sent.\n"
        "# TYPE narada_mails_oldest_due_seconds gauge\n"
        "narada_mails_oldest_due_seconds 75\n");
}

TEST_CASE("what this process has sent is told by what came of it") {
  usecases::DeliveryTotals totals;
  usecases::DeliveryReport report;
  report.sent = 7;
  report.postponed = 2;
  report.rate_limited = 3;
  totals.add(report);
  report.transport_problem = "no server";
  totals.add(report);
  CHECK(http::mail_counters(totals) ==
        "# HELP narada_mail_attempts_total What came of the mails that this process took up.\n"
        "# TYPE narada_mail_attempts_total counter\n"
        "narada_mail_attempts_total{end=\"sent\"} 14\n"
        "narada_mail_attempts_total{end=\"postponed\"} 4\n"
        "narada_mail_attempts_total{end=\"failed\"} 0\n"
        "narada_mail_attempts_total{end=\"aborted\"} 0\n"
        "narada_mail_attempts_total{end=\"paused\"} 0\n"
        "narada_mail_attempts_total{end=\"rate_limited\"} 6\n"
        "# HELP narada_mail_server_problems_total Rounds that ended early because the mail server "
        "was away.\n"
        "# TYPE narada_mail_server_problems_total counter\n"
        "narada_mail_server_problems_total 1\n");
}
