#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace narada::domain {

// When mail that can wait does not leave: from one time of the wall clock in kDefaultZone to
// another, over midnight when `until` is the smaller. Equal: never.
struct QuietHours {
  std::chrono::minutes from{0};  // after midnight
  std::chrono::minutes until{0};
  friend bool operator==(const QuietHours&, const QuietHours&) = default;
};

// "21:00-07:00", or "off". Absent: malformed.
std::optional<QuietHours> parse_quiet_hours(std::string_view text);

}  // namespace narada::domain
