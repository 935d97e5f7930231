#include "calendar/vtimezone.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <utility>
#include <vector>

#include "calendar/ical_handle.h"
#include "calendar/zone.h"

namespace narada::calendar {
namespace {

constexpr int kAnchorYear = 1970;
constexpr int kLastCheckedYear = 2100;

// One of the two rules that hold until further notice.
struct OpenRule {
  Component observance;               // anchored in 1970
  std::vector<icaltimetype> changes;  // the moments in UTC, one a year
};

icaltimetype make_time(int year, int month, int day, int hour) {
  icaltimetype time = icaltime_null_time();
  time.year = year;
  time.month = month;
  time.day = day;
  time.hour = hour;
  return time;
}

int offset_to(icalcomponent* observance) {
  icalproperty* property = icalcomponent_get_first_property(observance, ICAL_TZOFFSETTO_PROPERTY);
  return property != nullptr ? icalproperty_get_tzoffsetto(property) : 0;
}

int offset_from(icalcomponent* observance) {
  icalproperty* property = icalcomponent_get_first_property(observance, ICAL_TZOFFSETFROM_PROPERTY);
  return property != nullptr ? icalproperty_get_tzoffsetfrom(property) : 0;
}

std::optional<icalrecurrencetype> find_open_rule(icalcomponent* observance) {
  icalproperty* property = icalcomponent_get_first_property(observance, ICAL_RRULE_PROPERTY);
  if (property == nullptr) return std::nullopt;
  const icalrecurrencetype rule = icalproperty_get_rrule(property);
  if (!icaltime_is_null_time(rule.until) || rule.count != 0) return std::nullopt;
  return rule;
}

// The observance with the time of day of its rule and the rule's first date in 1970.
OpenRule anchor(icalcomponent* observance, const icalrecurrencetype& rule) {
  OpenRule open{Component(icalcomponent_new_clone(observance)), {}};
  icalproperty* start =
      icalcomponent_get_first_property(open.observance.get(), ICAL_DTSTART_PROPERTY);
  icaltimetype time = icalproperty_get_dtstart(start);
  time.year = kAnchorYear;
  time.month = 1;
  time.day = 1;
  const Recurrence dates(icalrecur_iterator_new(rule, time));
  if (!dates) return open;
  for (;;) {
    icaltimetype date = icalrecur_iterator_next(dates.get());
    if (icaltime_is_null_time(date) || date.year > kLastCheckedYear) break;
    if (open.changes.empty()) icalproperty_set_dtstart(start, date);
    icaltime_adjust(&date, 0, 0, 0, -offset_from(observance));
    open.changes.push_back(date);
  }
  return open;
}

icalcomponent* first_child(icalcomponent* zone) {
  return icalcomponent_get_first_component(zone, ICAL_ANY_COMPONENT);
}

icalcomponent* next_child(icalcomponent* zone) {
  return icalcomponent_get_next_component(zone, ICAL_ANY_COMPONENT);
}

// At most one per kind of observance: the zone's rules from the last change of the law on.
std::vector<OpenRule> find_open_rules(icalcomponent* full) {
  std::vector<OpenRule> rules;
  std::vector<std::pair<icalcomponent*, icalrecurrencetype>> found;
  for (icalcomponent* child = first_child(full); child != nullptr; child = next_child(full)) {
    if (const auto rule = find_open_rule(child)) found.emplace_back(child, *rule);
  }
  for (const auto& [observance, rule] : found) rules.push_back(anchor(observance, rule));
  return rules;
}

// The last observance of a zone whose clocks do not change any more, from 1970 on.
Component make_fixed_observance(icalcomponent* full) {
  icalcomponent* last = nullptr;
  icaltimetype last_start = icaltime_null_time();
  for (icalcomponent* child = first_child(full); child != nullptr; child = next_child(full)) {
    icalproperty* start = icalcomponent_get_first_property(child, ICAL_DTSTART_PROPERTY);
    if (start == nullptr || icalcomponent_isa(child) != ICAL_XSTANDARD_COMPONENT) continue;
    if (last != nullptr && icaltime_compare(icalproperty_get_dtstart(start), last_start) <= 0) {
      continue;
    }
    last = child;
    last_start = icalproperty_get_dtstart(start);
  }
  if (last == nullptr) return nullptr;
  Component fixed(icalcomponent_new(ICAL_XSTANDARD_COMPONENT));
  if (icalproperty* name = icalcomponent_get_first_property(last, ICAL_TZNAME_PROPERTY)) {
    icalcomponent_add_property(fixed.get(), icalproperty_new_clone(name));
  }
  icalcomponent_add_property(fixed.get(), icalproperty_new_tzoffsetfrom(offset_to(last)));
  icalcomponent_add_property(fixed.get(), icalproperty_new_tzoffsetto(offset_to(last)));
  icalcomponent_add_property(fixed.get(),
                             icalproperty_new_dtstart(make_time(kAnchorYear, 1, 1, 0)));
  return fixed;
}

int offset_at(icaltimezone* zone, icaltimetype utc) {
  int is_daylight = 0;
  return icaltimezone_get_utc_offset_of_utc_time(zone, &utc, &is_daylight);
}

bool agree_at(icaltimezone* left, icaltimezone* right, icaltimetype utc) {
  return offset_at(left, utc) == offset_at(right, utc);
}

// In the middle of each month, and in the last second before and the first after each change.
bool agree_in(int year, icaltimezone* left, icaltimezone* right,
              const std::vector<OpenRule>& rules) {
  for (int month = 1; month <= 12; ++month) {
    if (!agree_at(left, right, make_time(year, month, 15, 12))) return false;
  }
  for (const OpenRule& rule : rules) {
    for (icaltimetype change : rule.changes) {
      if (change.year != year) continue;
      if (!agree_at(left, right, change)) return false;
      icaltime_adjust(&change, 0, 0, 0, -1);
      if (!agree_at(left, right, change)) return false;
    }
  }
  return true;
}

// Precondition: the caller alone is in libical's zones.
std::shared_ptr<const ShortZone> make_short_zone(const std::string& tzid) {
  icaltimezone* builtin = icaltimezone_get_builtin_timezone(tzid.c_str());
  icalcomponent* full = builtin != nullptr ? icaltimezone_get_component(builtin) : nullptr;
  if (full == nullptr) return nullptr;

  Component component(icalcomponent_new(ICAL_VTIMEZONE_COMPONENT));
  // The builtin's TZID carries the vendor's prefix, which no other program knows.
  icalcomponent_add_property(component.get(), icalproperty_new_tzid(tzid.c_str()));
  const std::vector<OpenRule> rules = find_open_rules(full);
  for (const OpenRule& rule : rules) {
    icalcomponent_add_component(component.get(), icalcomponent_new_clone(rule.observance.get()));
  }
  if (rules.empty()) {
    Component fixed = make_fixed_observance(full);
    if (!fixed) return nullptr;
    icalcomponent_add_component(component.get(), fixed.release());
  }

  auto zone = std::make_shared<ShortZone>();
  zone->text = to_text(component.get());
  const Timezone check(icaltimezone_new());
  if (icaltimezone_set_component(check.get(), component.release()) == 0) return nullptr;
  int year = kLastCheckedYear;
  while (year >= kAnchorYear && agree_in(year, builtin, check.get(), rules)) --year;
  zone->first_year = year + 1;
  zone->last_year = kLastCheckedYear;
  if (zone->first_year > zone->last_year) return nullptr;
  return zone;
}

bool is_utc(std::string_view tzid) {
  constexpr std::array<std::string_view, 4> kNames{"UTC", "Etc/UTC", "GMT", "Etc/GMT"};
  return std::find(kNames.begin(), kNames.end(), tzid) != kNames.end();
}

// Zones are made once and never dropped; ICU's list of names bounds their number.
class ShortZones {
 public:
  std::shared_ptr<const ShortZone> find(std::string_view tzid) {
    {
      const std::shared_lock lock(mutex_);
      if (const auto known = zones_.find(tzid); known != zones_.end()) return known->second;
    }
    // libical looks unknown names up as paths below the zone directory.
    if (is_utc(tzid) || !is_known_zone(tzid)) return nullptr;
    // libical loads zones without locks of its own; this one is the only way in.
    const std::unique_lock lock(mutex_);
    if (const auto known = zones_.find(tzid); known != zones_.end()) return known->second;
    std::string name(tzid);
    auto zone = make_short_zone(name);
    return zones_.emplace(std::move(name), std::move(zone)).first->second;
  }

 private:
  std::shared_mutex mutex_;
  std::map<std::string, std::shared_ptr<const ShortZone>, std::less<>> zones_;
};

}  // namespace

std::shared_ptr<const ShortZone> find_short_zone(std::string_view tzid) {
  static ShortZones zones;
  return zones.find(tzid);
}

}  // namespace narada::calendar
