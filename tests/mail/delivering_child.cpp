#include "tests/mail/delivering_child.h"

#include <chrono>
#include <thread>

#include "notifications/smtp.h"
#include "service/domain/time.h"
#include "service/usecases/mails/mails.h"
#include "sql/pool.h"
#include "tests/mail/fixture.h"

namespace narada::testing {
namespace {

class FastClock final : public domain::Clock {
 public:
  explicit FastClock(std::chrono::sys_seconds start) : start_(start) {}
  domain::Instant now() const override {
    constexpr int kFactor = 600;
    const auto elapsed = std::chrono::system_clock::now() - start_;
    return std::chrono::floor<std::chrono::seconds>(start_ + elapsed * kFactor);
  }

 private:
  std::chrono::sys_seconds start_;
};

}  // namespace

int deliver_until_killed(const std::vector<std::string>& arguments) {
  const FastClock clock(
      std::chrono::sys_seconds(std::chrono::seconds(std::stoll(arguments.at(2)))));
  storage::Pool pool(storage::parse_database_address(arguments.at(0)));
  const auto environment = test_environment(pool, clock);
  notifications::SmtpTransport transport(notifications::parse_smtp_url(arguments.at(1)));
  for (;;) {
    usecases::deliver_mails(environment, test_composer(), transport, "child", 10);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace narada::testing
