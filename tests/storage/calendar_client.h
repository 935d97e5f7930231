#pragma once

#include <sys/types.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace narada::testing {

// A mail as it reaches somebody's calendar.
struct ArrivedMail {
  std::string person;
  std::string message;  // RFC 5322
};

// tests/scripts/calendar_client.py in a process of its own. Not thread-safe.
class CalendarClient {
 public:
  CalendarClient();
  ~CalendarClient();
  CalendarClient(const CalendarClient&) = delete;
  CalendarClient& operator=(const CalendarClient&) = delete;

  // {person: {uid: entry}} after these mails, in this order, came to empty calendars. Throws
  // std::runtime_error when the process has died.
  nlohmann::json read(const std::vector<ArrivedMail>& mails);

 private:
  std::string read_line();

  pid_t process_ = 0;
  int input_ = -1;
  int output_ = -1;
  std::string buffer_;
};

}  // namespace narada::testing
