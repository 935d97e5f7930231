#include "calendar/foreign_calendar.h"

#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "calendar/zone.h"

namespace narada::calendar {
namespace {

using domain::WallTime;
using std::chrono::seconds;

constexpr int kDeepest = 6;  // components within components

bool is_shallow(std::string_view text) {
  int depth = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    const auto begins = [&](std::string_view word) {
      return line.size() >= word.size() &&
             std::equal(word.begin(), word.end(), line.begin(),
                        [](char a, char b) { return a == (b >= 'a' && b <= 'z' ? b - 32 : b); });
    };
    if (begins("BEGIN:") && ++depth > kDeepest) return false;
    if (begins("END:")) --depth;
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return true;
}

// The zone that a TZID stands for. Other programs write Olson names, alone or at the end of a path,
// or the names that Windows has.
std::string zone_of(const char* tzid) {
  std::string name = tzid ? tzid : "";
  while (!name.empty()) {
    if (is_known_zone(name)) return name;
    const auto slash = name.find('/');
    if (slash == std::string::npos) break;
    name.erase(0, slash + 1);
  }
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString id;
  icu::TimeZone::getIDForWindowsID(icu::UnicodeString::fromUTF8(tzid ? tzid : ""), "PL", id,
                                   status);
  std::string known;
  if (U_SUCCESS(status)) id.toUTF8String(known);
  return is_known_zone(known) ? known : domain::kDefaultZone;
}

}  // namespace

Component parse_foreign(std::string_view text, std::size_t most_octets) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (text.size() > most_octets || text.find('\0') != std::string_view::npos || !is_shallow(text))
    return nullptr;
  Component root(icalparser_parse_string(std::string(text).c_str()));
  if (!root) return nullptr;
  const bool holds_calendar =
      icalcomponent_isa(root.get()) == ICAL_VCALENDAR_COMPONENT ||
      icalcomponent_get_first_component(root.get(), ICAL_VCALENDAR_COMPONENT) != nullptr;
  return holds_calendar ? std::move(root) : nullptr;
}

domain::Instant Moment::instant() const { return to_instant(wall, zone).instant; }

std::optional<WallTime> wall_of(const icaltimetype& time) {
  if (icaltime_is_null_time(time) || time.year < 1970 || time.year > 2200) return std::nullopt;
  const domain::Date date{std::chrono::year{time.year},
                          std::chrono::month{static_cast<unsigned>(time.month)},
                          std::chrono::day{static_cast<unsigned>(time.day)}};
  if (!date.ok()) return std::nullopt;
  WallTime wall{std::chrono::local_days{date}};
  if (!time.is_date)
    wall += std::chrono::hours{time.hour} + std::chrono::minutes{time.minute} +
            seconds{std::min(time.second, 59)};
  return wall;
}

std::optional<Moment> moment_of(icalproperty* property, const icaltimetype& time) {
  const auto wall = wall_of(time);
  if (!wall) return std::nullopt;
  if (time.is_date) return Moment{*wall, domain::kDefaultZone, true};
  if (icaltime_is_utc(time)) return Moment{*wall, "Etc/UTC", false};
  icalparameter* tzid = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
  return Moment{*wall, zone_of(tzid ? icalparameter_get_tzid(tzid) : nullptr), false};
}

std::string uid_of(icalcomponent* event) {
  icalproperty* uid = first(event, ICAL_UID_PROPERTY);
  const char* text = uid ? icalproperty_get_uid(uid) : nullptr;
  return text ? text : "";
}

}  // namespace narada::calendar
