#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/time.h"
#include "sql/connection.h"

// The whole outbox in numbers.
namespace narada::storage {

struct MailCount {
  std::string state;
  int priority = 1;
  bool paused = false;  // its meeting's mails are
  std::int64_t count = 0;
};
// Reads an index from end to end.
std::vector<MailCount> count_mails(Connection& connection);

struct MailPauseCounts {
  bool all = false;
  bool bulk = false;
  std::int64_t meetings = 0;
};
MailPauseCounts count_mail_pauses(Connection& connection);

// Of the mails of one priority that wait and whose meeting is not paused; a few rows of an index,
// however many wait.
struct WaitingTimes {
  std::optional<domain::Instant> oldest_due;
  std::optional<domain::Instant> next_attempt;  // after now
};
WaitingTimes find_waiting_times(Connection& connection, int priority, domain::Instant now);

}  // namespace narada::storage
