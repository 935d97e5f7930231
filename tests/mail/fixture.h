#pragma once

#include <optional>
#include <string>
#include <vector>

#include "notifications/composer.h"
#include "notifications/transport.h"
#include "service/domain/time.h"
#include "service/usecases/mails/mails.h"
#include "sql/outgoing_mail_store.h"
#include "tests/support/database.h"

namespace narada::testing {

class FakeClock final : public domain::Clock {
 public:
  domain::Instant now() const override { return now_; }
  void set(domain::Instant now) { now_ = now; }
  void advance(std::chrono::seconds by) { now_ += by; }

 private:
  domain::Instant now_{std::chrono::seconds{1'799'582'400}};  // 2027-01-10T12:00:00Z
};

// Over the project's own texts and templates; lives to the end of the process.
const notifications::Composer& test_composer();

usecases::Environment test_environment(storage::Pool& pool, const domain::Clock& clock);

// An empty outbox with a clock that the test moves.
class MailFixture {
 public:
  MailFixture();

  // Queues a mail; `registration` 0: of none.
  domain::OutgoingMailId queue(const std::string& address, std::int64_t registration = 0,
                               std::chrono::seconds hold = std::chrono::seconds(0));
  domain::OutgoingMailId queue(const storage::NewMail& mail);
  storage::NewMail make_mail(const std::string& address) const;

  usecases::DeliveryReport round(notifications::MailTransport& transport, int at_most = 100);
  // Rounds, with the clock moved to whatever is due next, until nothing waits or `until`.
  void deliver_all(notifications::MailTransport& transport,
                   std::chrono::seconds until = std::chrono::hours(200));

  usecases::OutgoingMail mail(domain::OutgoingMailId id);
  std::string state(domain::OutgoingMailId id);
  // As stored, nothing masked.
  std::string raw(domain::OutgoingMailId id);
  void run(const std::string& sql);

  TestDatabase database = TestDatabase::fresh();
  FakeClock clock;
  usecases::Environment environment;
};

// Takes everything, and remembers it.
class RecordingTransport final : public notifications::MailTransport {
 public:
  notifications::DeliveryResult deliver(const notifications::Envelope& envelope,
                                        std::string_view message) override;
  std::string description() const override { return "recording"; }

  struct Sent {
    notifications::Envelope envelope;
    std::string message;
  };
  std::vector<Sent> sent;
  std::vector<notifications::DeliveryResult> answers;  // given first, in order; then delivered
};

}  // namespace narada::testing
