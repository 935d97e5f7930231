#include "service/domain/quiet_hours.h"

#include <algorithm>

namespace narada::domain {
namespace {

std::optional<std::chrono::minutes> parse_time(std::string_view text) {
  constexpr std::size_t kLength = 5;
  if (text.size() != kLength || text[2] != ':') return std::nullopt;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!is_digit(text[0]) || !is_digit(text[1]) || !is_digit(text[3]) || !is_digit(text[4])) {
    return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (hour > 23 || minute > 59) return std::nullopt;
  return std::chrono::hours(hour) + std::chrono::minutes(minute);
}

}  // namespace

std::optional<QuietHours> parse_quiet_hours(std::string_view text) {
  if (text == "off") return QuietHours{};
  const auto dash = std::min(text.find('-'), text.size());
  const auto from = parse_time(text.substr(0, dash));
  const auto until = parse_time(dash < text.size() ? text.substr(dash + 1) : std::string_view());
  if (!from || !until || *from == *until) return std::nullopt;
  return QuietHours{*from, *until};
}

}  // namespace narada::domain
