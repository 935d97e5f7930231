#include "web/dates.h"

#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>
#include <unicode/uchar.h>

#include <map>
#include <memory>
#include <stdexcept>
#include <utility>

#include "service/domain/half_fixed.h"

namespace narada::web {
namespace {

using domain::Language;
using domain::WallTime;

// Formatters are not thread-safe and dear to make: each thread keeps its own.
icu::SimpleDateFormat& formatter(Language language, const char* pattern) {
  thread_local std::map<std::pair<Language, std::string>, std::unique_ptr<icu::SimpleDateFormat>>
      kept;
  auto& format = kept[{language, pattern}];
  if (!format) {
    UErrorCode error = U_ZERO_ERROR;
    const icu::Locale locale(language == Language::en ? "en_GB" : "pl_PL");
    format = std::make_unique<icu::SimpleDateFormat>(icu::UnicodeString::fromUTF8(pattern), locale,
                                                     error);
    if (U_FAILURE(error))
      throw std::runtime_error(std::string("date format: ") + u_errorName(error));
    format->adoptTimeZone(icu::TimeZone::getGMT()->clone());
  }
  return *format;
}

std::string format_date(Language language, const char* pattern, WallTime at) {
  icu::UnicodeString formatted;
  formatter(language, pattern)
      .format(static_cast<UDate>(at.time_since_epoch().count()) * 1000.0, formatted);
  std::string text;
  return formatted.toUTF8String(text);
}

std::chrono::year_month_day day_of(WallTime at) {
  return std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(at));
}

constexpr const char* kDash = "–";

// "2–6 grudnia 2022", "30 listopada – 2 grudnia 2022", "30 grudnia 2022 – 2 stycznia 2023".
std::string day_range(Language language, WallTime first, WallTime last) {
  const auto from = day_of(first), to = day_of(last);
  if (from == to) return weekday_date(language, first);
  if (from.year() != to.year()) return day_date(language, first) + " – " + day_date(language, last);
  if (from.month() != to.month())
    return format_date(language, "d MMMM", first) + " – " + day_date(language, last);
  return format_date(language, "d", first) + kDash + day_date(language, last);
}

}  // namespace

std::string weekday_date(Language language, WallTime at) {
  return format_date(language, "EEEE, d MMMM y", at);
}
std::string day_date(Language language, WallTime at) {
  return format_date(language, "d MMMM y", at);
}
std::string month_year(Language language, WallTime at) {
  return format_date(language, "LLLL y", at);
}
std::string month_of_day(Language language, WallTime at) {
  return format_date(language, "MMMM y", at);
}
std::string weekday_name(Language language, WallTime at) {
  return format_date(language, "EEEE", at);
}
std::string weekday_short(Language language, WallTime at) {
  return format_date(language, "EEE", at);
}
std::string clock_time(WallTime at) { return format_date(Language::pl, "H:mm", at); }
std::string iso_date(WallTime at) { return format_date(Language::pl, "yyyy-MM-dd", at); }

std::string month_heading(Language language, WallTime at) {
  auto text = icu::UnicodeString::fromUTF8(month_year(language, at));
  const auto first = text.char32At(0);
  text.replace(0, U16_LENGTH(first), static_cast<UChar32>(u_toupper(first)));
  std::string heading;
  return text.toUTF8String(heading);
}

std::string hours_range(WallTime starts, WallTime ends) {
  return clock_time(starts) + kDash + clock_time(ends);
}

std::string time_range(Language language, WallTime starts, WallTime ends, bool whole_days) {
  if (whole_days) return day_range(language, starts, ends - std::chrono::seconds(1));
  if (day_of(starts) == day_of(ends))
    return weekday_date(language, starts) + ", " + hours_range(starts, ends);
  return weekday_date(language, starts) + ", " + clock_time(starts) + " – " +
         weekday_date(language, ends) + ", " + clock_time(ends);
}

std::string time_range(Language language, const domain::MeetingTimes& times) {
  if (domain::is_half_fixed(times)) {
    return month_year(language, times.starts) +
           (language == Language::en ? ", day to be set" : ", dzień w ustaleniu");
  }
  return time_range(language, times.starts, times.ends,
                    times.precision == domain::TimePrecision::day);
}

std::string day_date(Language language, const domain::MeetingTimes& times) {
  return domain::is_half_fixed(times) ? month_year(language, times.starts)
                                      : day_date(language, times.starts);
}

std::string month_range(Language language, WallTime first, WallTime last) {
  const auto from = month_year(language, first), to = month_year(language, last);
  return from == to ? from : from + " – " + to;
}

}  // namespace narada::web
