#include "tests/mail/delivering_child.h"

#include <thread>

#include "notifications/smtp.h"
#include "service/usecases/mails/mails.h"
#include "sql/pool.h"
#include "tests/mail/fixture.h"
#include "tests/support/child_process.h"

namespace narada::testing {
namespace {

ChildOptions parse(const std::vector<std::string>& arguments) {
  ChildOptions options;
  options.database = arguments.at(0);
  options.smtp = arguments.at(1);
  options.start = std::chrono::sys_seconds(std::chrono::seconds(std::stoll(arguments.at(2))));
  options.factor = std::stoi(arguments.at(3));
  options.workers = std::stoi(arguments.at(4));
  options.mails_a_minute = std::stoi(arguments.at(5));
  options.patience = std::chrono::milliseconds(std::stoll(arguments.at(6)));
  return options;
}

void deliver_forever(const usecases::Environment& environment, const ChildOptions& options,
                     int worker) {
  auto smtp = notifications::parse_smtp_url(options.smtp);
  smtp.total_timeout = options.patience;
  notifications::SmtpTransport transport(std::move(smtp));
  for (;;) {
    usecases::deliver_mails(environment, test_composer(), transport,
                            "child" + std::to_string(worker), 10, {}, {options.mails_a_minute});
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace

domain::Instant FastClock::now() const {
  const auto elapsed = std::chrono::system_clock::now() - start_;
  return std::chrono::floor<std::chrono::seconds>(start_ + elapsed * factor_);
}

std::vector<std::string> child_command(const ChildOptions& options) {
  return {own_program(),
          "deliver",
          options.database,
          options.smtp,
          std::to_string(options.start.time_since_epoch().count()),
          std::to_string(options.factor),
          std::to_string(options.workers),
          std::to_string(options.mails_a_minute),
          std::to_string(options.patience.count())};
}

int deliver_until_killed(const std::vector<std::string>& arguments) {
  const auto options = parse(arguments);
  const FastClock clock(options.start, options.factor);
  storage::Pool pool(storage::parse_database_address(options.database));
  const auto environment = test_environment(pool, clock);
  test_composer();  // made by one thread
  std::vector<std::jthread> workers;
  for (int worker = 0; worker < options.workers; ++worker)
    workers.emplace_back([&, worker] { deliver_forever(environment, options, worker); });
  workers.clear();  // waits until the process is killed
  return 0;
}

}  // namespace narada::testing
