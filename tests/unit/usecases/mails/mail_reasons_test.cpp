#include "service/usecases/mails/mail_reasons.h"

#include <doctest/doctest.h>

using namespace narada;
using usecases::MailState;

TEST_CASE("the last words of a server become a reason that people understand") {
  const struct {
    MailState state;
    std::optional<int> code;
    const char* reply;
    const char* reason;
  } cases[] = {
      {MailState::failed, 550, "550 5.1.1 no such user", "no_mailbox"},
      {MailState::failed, 550, "550 no such user", "no_mailbox"},
      {MailState::failed, 550, "550 5.1.2 bad destination", "no_domain"},
      {MailState::failed, 550, "550 5.1.10 null MX", "no_domain"},
      {MailState::failed, 550, "550 5.2.1 disabled", "mailbox_disabled"},
      {MailState::failed, 552, "552 5.2.2 over quota", "mailbox_full"},
      {MailState::failed, 552, "552 quota", "mailbox_full"},
      {MailState::failed, 452, "given up: 452 4.2.2 over quota", "mailbox_full"},
      {MailState::failed, 552, "552 5.3.4 message too big", "too_large"},
      {MailState::failed, 550, "550 5.7.1 blocked, see http://x.example/5.7", "refused"},
      {MailState::failed, 554, "554 spam", "refused"},
      {MailState::failed, 553, "553 5.1.8 sender's domain", "sender_refused"},
      {MailState::failed, 451, "given up: 451 greylisted", "put_off"},
      {MailState::failed, std::nullopt, "given up: no answer", "no_answer"},
      {MailState::failed, 450, "given up: 450 4.4.1 192.0.2.1 connection timed out", "no_answer"},
      {MailState::failed, std::nullopt, "field missing or out of bounds: kind", "broken"},
      {MailState::bounced, 550, "5.1.1", "no_mailbox"},
      {MailState::aborted, std::nullopt, "", "stopped"},
      {MailState::sent, 250, "250 ok", ""},
      {MailState::queued, 451, "451 later", ""},
  };
  for (const auto& one : cases) {
    CAPTURE(std::string(one.reply));
    usecases::QueuedMail mail;
    mail.state = one.state;
    mail.last_code = one.code;
    mail.last_reply = one.reply;
    CHECK(usecases::reason_of(mail) == one.reason);
  }
  usecases::QueuedMail stopped;
  stopped.state = MailState::aborted;
  stopped.stop_reason = "too_late";
  CHECK(usecases::reason_of(stopped) == "too_late");
}
