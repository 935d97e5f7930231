#include "calendar/free_busy.h"

#include <algorithm>

#include "calendar/ical_handle.h"
#include "calendar/text.h"

namespace narada::calendar {
namespace {

using Times = std::vector<BusyTime>;

icaltimetype to_ical_utc(domain::Instant instant) {
  return icaltime_from_timet_with_zone(instant.time_since_epoch().count(), 0,
                                       icaltimezone_get_utc_timezone());
}

// Those of one kind within from…to, in order, none touching the next.
Times times_of(const FreeBusy& free_busy, bool tentative) {
  Times times;
  for (const auto& period : free_busy.periods) {
    if (period.tentative != tentative) continue;
    const BusyTime cut{std::max(period.starts, free_busy.from),
                       std::min(period.ends, free_busy.to)};
    if (cut.starts < cut.ends) times.push_back(cut);
  }
  std::sort(times.begin(), times.end(),
            [](const auto& one, const auto& other) { return one.starts < other.starts; });
  Times merged;
  for (const auto& time : times) {
    if (merged.empty() || merged.back().ends < time.starts) {
      merged.push_back(time);
    } else {
      merged.back().ends = std::max(merged.back().ends, time.ends);
    }
  }
  return merged;
}

// `times` without what `taken` covers; both in order and without overlaps.
Times without(const Times& times, const Times& taken) {
  Times rest;
  for (BusyTime time : times) {
    for (const auto& other : taken) {
      if (other.ends <= time.starts || other.starts >= time.ends) continue;
      if (other.starts > time.starts) rest.push_back({time.starts, other.starts});
      time.starts = std::min(other.ends, time.ends);
    }
    if (time.starts < time.ends) rest.push_back(time);
  }
  return rest;
}

void add_periods(icalcomponent* component, const Times& times, icalparameter_fbtype type) {
  for (const auto& time : times) {
    icalperiodtype period = icalperiodtype_null_period();
    period.start = to_ical_utc(time.starts);
    period.end = to_ical_utc(time.ends);
    icalproperty* property = icalproperty_new_freebusy(period);
    icalproperty_add_parameter(property, icalparameter_new_fbtype(type));
    icalcomponent_add_property(component, property);
  }
}

void add_organizer(icalcomponent* component, const CalendarUser& who) {
  const auto address = to_mailto(who.email);
  if (!address) return;
  icalproperty* organizer = icalproperty_new_organizer(address->c_str());
  if (const std::string name = clean_parameter(who.name); !name.empty()) {
    icalproperty_add_parameter(organizer, icalparameter_new_cn(name.c_str()));
  }
  icalcomponent_add_property(component, organizer);
}

}  // namespace

std::string write_free_busy(const FreeBusy& free_busy) {
  const Component calendar(icalcomponent_new(ICAL_VCALENDAR_COMPONENT));
  icalcomponent_add_property(calendar.get(), icalproperty_new_version("2.0"));
  icalcomponent_add_property(calendar.get(), icalproperty_new_prodid("-//Narada//Narada//PL"));
  icalcomponent_add_property(calendar.get(), icalproperty_new_method(ICAL_METHOD_PUBLISH));
  icalcomponent* component = icalcomponent_new(ICAL_VFREEBUSY_COMPONENT);
  icalcomponent_add_component(calendar.get(), component);
  icalcomponent_add_property(component, icalproperty_new_uid(clean_line(free_busy.uid).c_str()));
  icalcomponent_add_property(component, icalproperty_new_dtstamp(to_ical_utc(free_busy.dtstamp)));
  icalcomponent_add_property(component, icalproperty_new_dtstart(to_ical_utc(free_busy.from)));
  icalcomponent_add_property(component, icalproperty_new_dtend(to_ical_utc(free_busy.to)));
  add_organizer(component, free_busy.who);
  if (const auto url = clean_web_address(free_busy.url)) {
    icalcomponent_add_property(component, icalproperty_new_url(url->c_str()));
  }
  const Times busy = times_of(free_busy, false);
  add_periods(component, busy, ICAL_FBTYPE_BUSY);
  add_periods(component, without(times_of(free_busy, true), busy), ICAL_FBTYPE_BUSYTENTATIVE);
  return to_text(calendar.get());
}

}  // namespace narada::calendar
