#include "calendar/event.h"

#include <algorithm>
#include <set>
#include <utility>

#include "calendar/ical_handle.h"
#include "calendar/text.h"
#include "calendar/vevent.h"
#include "calendar/vtimezone.h"
#include "calendar/zone.h"

namespace narada::calendar {
namespace {

constexpr std::string_view kBegin =
    "BEGIN:VCALENDAR\r\n"
    "VERSION:2.0\r\n"
    "PRODID:-//Narada//Narada//PL\r\n"
    "CALSCALE:GREGORIAN\r\n";
constexpr std::string_view kEnd = "END:VCALENDAR\r\n";

std::string write_method(ItipMethod method) {
  return "METHOD:" + std::string(to_string(method)) + "\r\n";
}

std::string write_property(icalproperty* property) { return to_text(Property(property).get()); }

// Where an event stands among the others: by its moment, which only its zone can tell.
domain::Instant moment_of(const Event& event) {
  if (is_known_zone(event.tzid)) return to_instant(event.starts, event.tzid).instant;
  return domain::Instant{event.starts.time_since_epoch()};
}

std::vector<const Event*> sort_events(const std::vector<Event>& events) {
  std::vector<std::pair<domain::Instant, const Event*>> keyed;
  keyed.reserve(events.size());
  for (const Event& event : events) keyed.emplace_back(moment_of(event), &event);
  std::sort(keyed.begin(), keyed.end(), [](const auto& left, const auto& right) {
    if (left.first != right.first) return left.first < right.first;
    return left.second->uid < right.second->uid;
  });
  std::vector<const Event*> sorted;
  sorted.reserve(keyed.size());
  for (const auto& [moment, event] : keyed) sorted.push_back(event);
  return sorted;
}

std::string write_feed_properties(const Feed& feed) {
  constexpr int kMostMinutes = 366 * 24 * 60;
  std::string text;
  if (const std::string name = clean_line(feed.name); !name.empty()) {
    text += write_property(icalproperty_new_name(name.c_str()));
    text += write_text_line("X-WR-CALNAME", name);
  }
  if (const std::string description = clean_text(feed.description); !description.empty()) {
    text += write_property(icalproperty_new_description(description.c_str()));
  }
  if (const auto source = clean_web_address(feed.source_url)) {
    icalproperty* property = icalproperty_new_source(source->c_str());
    icalproperty_add_parameter(property, icalparameter_new_value(ICAL_VALUE_URI));
    text += write_property(property);
  }
  const int refresh_minutes = std::clamp(feed.refresh_minutes, 1, kMostMinutes);
  const icaldurationtype refresh = icaldurationtype_from_int(refresh_minutes * 60);
  icalproperty* interval = icalproperty_new_refreshinterval(refresh);
  icalproperty_add_parameter(interval, icalparameter_new_value(ICAL_VALUE_DURATION));
  text += write_property(interval);
  const Text duration(icaldurationtype_as_ical_string_r(refresh));
  if (!duration) throw std::bad_alloc();
  text.append("X-PUBLISHED-TTL:").append(duration.get()).append("\r\n");
  return text;
}

}  // namespace

std::string_view to_string(ItipMethod method) {
  switch (method) {
    case ItipMethod::publish:
      return "PUBLISH";
    case ItipMethod::request:
      return "REQUEST";
    case ItipMethod::cancel:
      return "CANCEL";
  }
  return {};
}

void initialize() {
  icalerror_set_errors_are_fatal(0);
  icaltimezone_set_builtin_tzdata(0);
  icaltimezone_get_builtin_timezones();
  icaltimezone_get_utc_timezone();
  find_short_zone(domain::kDefaultZone);
}

std::string write_itip(ItipMethod method, const Event& event) {
  const EventText vevent = write_vevent(method, event);
  std::string text(kBegin);
  text += write_method(method);
  if (vevent.uses_zone) text += find_short_zone(event.tzid)->text;
  text += vevent.text;
  text += kEnd;
  return text;
}

std::string write_feed(const Feed& feed) {
  std::string vevents;
  std::set<std::string_view> zones;
  for (const Event* event : sort_events(feed.events)) {
    const EventText vevent = write_vevent(ItipMethod::publish, *event);
    if (vevent.uses_zone) zones.insert(event->tzid);
    vevents += vevent.text;
  }
  std::string text(kBegin);
  text += write_method(ItipMethod::publish);
  text += write_feed_properties(feed);
  for (const std::string_view zone : zones) text += find_short_zone(zone)->text;
  text += vevents;
  text += kEnd;
  return text;
}

}  // namespace narada::calendar
