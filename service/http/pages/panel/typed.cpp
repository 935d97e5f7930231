#include "service/http/pages/panel/typed.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "service/domain/half_fixed.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

using domain::WallTime;
using std::chrono::days;
using std::chrono::minutes;

// Exactly `Count` numbers with one of the separators between them.
template <std::size_t Count>
std::optional<std::array<int, Count>> find_numbers(std::string_view text,
                                                   std::string_view separators) {
  std::array<int, Count> numbers{};
  for (std::size_t index = 0; index < Count; ++index) {
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), numbers[index]);
    if (error != std::errc{} || numbers[index] < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const bool last = index + 1 == Count;
    if (last != text.empty()) return std::nullopt;
    if (!last && separators.find(text.front()) == std::string_view::npos) return std::nullopt;
    if (!last) text.remove_prefix(1);
  }
  return numbers;
}

std::optional<WallTime> find_day(int year, int month, int day) {
  if (year < 1000 || year > 9999 || month > 12 || day > 31) return std::nullopt;
  const domain::Date date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                          std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return WallTime{std::chrono::local_days{date}};
}

std::optional<WallTime> find_day(std::string_view typed) {
  if (const auto iso = find_numbers<3>(typed, "-"))
    return find_day((*iso)[0], (*iso)[1], (*iso)[2]);
  if (const auto ours = find_numbers<3>(typed, "."))
    return find_day((*ours)[2], (*ours)[1], (*ours)[0]);
  return std::nullopt;
}

std::optional<int> find_clock(std::string_view typed) {
  if (typed.size() > 5) typed = typed.substr(0, 5);  // seconds that a browser may add
  int hour = 0, minute = 0;
  if (const auto both = find_numbers<2>(typed, ":.")) {
    hour = (*both)[0];
    minute = (*both)[1];
  } else if (const auto one = find_numbers<1>(typed, "")) {
    hour = (*one)[0];
  } else {
    return std::nullopt;
  }
  if (hour > 23 || minute > 59) return std::nullopt;
  return hour * 60 + minute;
}

}  // namespace

std::optional<WallTime> read_day(std::string_view typed, const std::string& input,
                                 domain::FieldErrors& errors) {
  if (typed.empty()) return std::nullopt;
  const auto day = find_day(typed);
  if (!day) errors.push_back({input, "invalid_date"});
  return day;
}

std::optional<WallTime> read_month(std::string_view typed, const std::string& input,
                                   domain::FieldErrors& errors) {
  if (typed.empty()) return std::nullopt;
  std::optional<WallTime> first;
  if (const auto iso = find_numbers<2>(typed, "-"))
    first = find_day((*iso)[0], (*iso)[1], 1);
  else if (const auto ours = find_numbers<2>(typed, "./"))
    first = find_day((*ours)[1], (*ours)[0], 1);
  if (!first) errors.push_back({input, "invalid_month"});
  return first;
}

std::optional<int> read_clock(std::string_view typed, const std::string& input,
                              domain::FieldErrors& errors) {
  if (typed.empty()) return std::nullopt;
  const auto clock = find_clock(typed);
  if (!clock) errors.push_back({input, "invalid_clock"});
  return clock;
}

std::optional<int> read_number(std::string_view typed, const std::string& input,
                               domain::FieldErrors& errors) {
  if (typed.empty()) return std::nullopt;
  int number = 0;
  const auto [end, error] = std::from_chars(typed.data(), typed.data() + typed.size(), number);
  if (error == std::errc{} && end == typed.data() + typed.size()) return number;
  errors.push_back({input, "not_a_number"});
  return std::nullopt;
}

std::string clock_text(int minute) { return fmt::format("{:02}:{:02}", minute / 60, minute % 60); }

std::string clock_text(WallTime time) {
  const auto past = std::chrono::floor<minutes>(time - std::chrono::floor<days>(time));
  return clock_text(static_cast<int>(past.count()));
}

std::string number_text(std::optional<int> number) {
  return number ? std::to_string(*number) : std::string();
}

TypedTimes read_times(const TimeTexts& typed, const TimeInputs& inputs,
                      domain::FieldErrors& errors) {
  const auto before = errors.size();
  if (typed.day.empty() && !typed.month.empty()) {
    const auto month = read_month(typed.month, inputs.month, errors);
    if (!month) return {};
    return {*month, domain::month_around(*month).second, domain::TimePrecision::month};
  }
  const auto day = read_day(typed.day, inputs.day, errors);
  const auto last = read_day(typed.last_day, inputs.last_day, errors);
  const auto starts = read_clock(typed.starts, inputs.starts, errors);
  const auto ends = read_clock(typed.ends, inputs.ends, errors);
  if (typed.day.empty()) errors.push_back({inputs.day, "required"});
  if (typed.starts.empty() != typed.ends.empty())
    errors.push_back({typed.starts.empty() ? inputs.starts : inputs.ends, "required"});
  if (errors.size() > before) return {};
  const WallTime end_day = last.value_or(*day);
  if (!starts && end_day < *day) errors.push_back({inputs.last_day, "ends_before_start"});
  if (!starts) return {*day, end_day + days{1}, domain::TimePrecision::day};
  return {*day + minutes{*starts}, end_day + minutes{*ends}, domain::TimePrecision::minute};
}

TimeTexts time_texts(WallTime starts, WallTime ends, domain::TimePrecision precision) {
  if (starts == WallTime{}) return {};
  if (precision == domain::TimePrecision::month)
    return {"", "", "", "", web::iso_date(starts).substr(0, 7)};
  if (precision == domain::TimePrecision::day)
    return {web::iso_date(starts), "", "", web::iso_date(ends - days{1})};
  return {web::iso_date(starts), clock_text(starts), clock_text(ends), web::iso_date(ends)};
}

}  // namespace narada::http::pages
