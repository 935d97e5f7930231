#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "service/domain/time.h"

namespace narada::testing {

// Runs `factor` times as fast as the machine's clock since `start`, at which both show the same.
class FastClock final : public domain::Clock {
 public:
  FastClock(std::chrono::sys_seconds start, int factor) : start_(start), factor_(factor) {}
  domain::Instant now() const override;

 private:
  std::chrono::sys_seconds start_;
  int factor_;
};

// A process that delivers, as the tests start it.
struct ChildOptions {
  std::string database;  // its URL
  std::string smtp;
  std::chrono::sys_seconds start;  // of the clock of the mails
  int factor = 600;                // a lease lasts half a second
  int workers = 1;
  int mails_a_minute = 0;                      // to one domain
  std::chrono::milliseconds patience{60'000};  // with the server, for one message
};
std::vector<std::string> child_command(const ChildOptions& options);
int deliver_until_killed(const std::vector<std::string>& arguments);

}  // namespace narada::testing
