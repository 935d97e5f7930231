#include "calendar/vevent.h"

#include <cmath>

#include "calendar/ical_handle.h"
#include "calendar/text.h"
#include "calendar/vtimezone.h"
#include "calendar/zone.h"

namespace narada::calendar {
namespace {

// How an event's times are written.
enum class TimeForm { date, zoned, utc, floating };

void add(icalcomponent* component, icalproperty* property) {
  icalcomponent_add_property(component, property);
}

template <class TimePoint>
icaltimetype to_ical(TimePoint time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const domain::Date date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  icaltimetype result = icaltime_null_time();
  result.year = static_cast<int>(date.year());
  result.month = static_cast<int>(static_cast<unsigned>(date.month()));
  result.day = static_cast<int>(static_cast<unsigned>(date.day()));
  result.hour = static_cast<int>(clock.hours().count());
  result.minute = static_cast<int>(clock.minutes().count());
  result.second = static_cast<int>(clock.seconds().count());
  return result;
}

icaltimetype to_ical_utc(domain::Instant instant) {
  icaltimetype time = to_ical(instant);
  time.zone = icaltimezone_get_utc_timezone();
  return time;
}

icaltimetype to_ical_date(domain::WallTime wall) {
  icaltimetype time = to_ical(std::chrono::floor<std::chrono::days>(wall));
  time.is_date = 1;
  return time;
}

int year_of(domain::WallTime wall) {
  return static_cast<int>(domain::Date{std::chrono::floor<std::chrono::days>(wall)}.year());
}

// True when readers of the VTIMEZONE find the same moment for that wall clock as to_instant() does.
bool is_told_by(const ShortZone& zone, domain::WallTime wall, std::string_view tzid) {
  const int year = year_of(wall);
  if (year < zone.first_year || year > zone.last_year) return false;
  const ResolvedTime resolved = to_instant(wall, tzid);
  return resolved.exists && !resolved.ambiguous;
}

// DTSTART and DTEND share one form, RFC 5545 3.8.2.2.
TimeForm decide_time_form(const Event& event) {
  if (event.all_day) return TimeForm::date;
  if (!is_known_zone(event.tzid)) return TimeForm::floating;
  const auto zone = find_short_zone(event.tzid);
  if (zone && is_told_by(*zone, event.starts, event.tzid) &&
      is_told_by(*zone, event.ends, event.tzid)) {
    return TimeForm::zoned;
  }
  return TimeForm::utc;
}

icaltimetype to_ical(domain::WallTime wall, TimeForm form, const std::string& tzid) {
  switch (form) {
    case TimeForm::date:
      return to_ical_date(wall);
    case TimeForm::utc:
      return to_ical_utc(to_instant(wall, tzid).instant);
    case TimeForm::zoned:
    case TimeForm::floating:
      break;
  }
  return to_ical(wall);
}

void add_time(icalcomponent* component, icalproperty* property, TimeForm form,
              const std::string& tzid) {
  if (form == TimeForm::zoned) {
    icalproperty_add_parameter(property, icalparameter_new_tzid(tzid.c_str()));
  }
  add(component, property);
}

void add_times(icalcomponent* component, const Event& event, TimeForm form) {
  add_time(component, icalproperty_new_dtstart(to_ical(event.starts, form, event.tzid)), form,
           event.tzid);
  // RFC 5545 3.6.1: DTEND is later than DTSTART; without it the event takes the day or no time.
  if (event.ends <= event.starts) return;
  // Of an hour that the zone skips both ends can be one moment.
  const bool takes_no_time =
      form == TimeForm::utc &&
      to_instant(event.ends, event.tzid).instant <= to_instant(event.starts, event.tzid).instant;
  if (takes_no_time) return;
  add_time(component, icalproperty_new_dtend(to_ical(event.ends, form, event.tzid)), form,
           event.tzid);
}

icalproperty_status to_ical(EventStatus status) {
  switch (status) {
    case EventStatus::tentative:
      return ICAL_STATUS_TENTATIVE;
    case EventStatus::cancelled:
      return ICAL_STATUS_CANCELLED;
    case EventStatus::confirmed:
      break;
  }
  return ICAL_STATUS_CONFIRMED;
}

icalparameter_partstat to_ical(Partstat partstat) {
  switch (partstat) {
    case Partstat::accepted:
      return ICAL_PARTSTAT_ACCEPTED;
    case Partstat::declined:
      return ICAL_PARTSTAT_DECLINED;
    case Partstat::tentative:
      return ICAL_PARTSTAT_TENTATIVE;
    case Partstat::needs_action:
      break;
  }
  return ICAL_PARTSTAT_NEEDSACTION;
}

void add_text(icalcomponent* component, icalproperty* (*make)(const char*), std::string_view text) {
  if (const std::string clean = clean_text(text); !clean.empty()) {
    add(component, make(clean.c_str()));
  }
}

void add_common_name(icalproperty* property, std::string_view name) {
  if (const std::string clean = clean_parameter(name); !clean.empty()) {
    icalproperty_add_parameter(property, icalparameter_new_cn(clean.c_str()));
  }
}

void add_organizer(icalcomponent* component, const CalendarUser& organizer) {
  const auto address = to_mailto(organizer.email);
  if (!address) return;
  icalproperty* property = icalproperty_new_organizer(address->c_str());
  add_common_name(property, organizer.name);
  add(component, property);
}

void add_attendee(icalcomponent* component, const Attendee& attendee, ItipMethod method) {
  const auto address = to_mailto(attendee.email);
  if (!address) return;
  icalproperty* property = icalproperty_new_attendee(address->c_str());
  add_common_name(property, attendee.name);
  icalproperty_add_parameter(property, icalparameter_new_cutype(ICAL_CUTYPE_INDIVIDUAL));
  icalproperty_add_parameter(property, icalparameter_new_role(ICAL_ROLE_REQPARTICIPANT));
  icalproperty_add_parameter(property, icalparameter_new_partstat(to_ical(attendee.partstat)));
  if (method == ItipMethod::request && attendee.partstat == Partstat::needs_action) {
    icalproperty_add_parameter(property, icalparameter_new_rsvp(ICAL_RSVP_TRUE));
  }
  add(component, property);
}

void add_users(icalcomponent* component, const Event& event, ItipMethod method) {
  if (event.organizer) add_organizer(component, *event.organizer);
  if (method == ItipMethod::publish) return;
  for (const Attendee& attendee : event.attendees) add_attendee(component, attendee, method);
}

void add_place(icalcomponent* component, const Event& event) {
  add_text(component, icalproperty_new_location, event.location);
  if (!event.geo) return;
  const auto [latitude, longitude] = *event.geo;
  if (!(std::abs(latitude) <= 90.0 && std::abs(longitude) <= 180.0)) return;  // also not a number
  add(component, icalproperty_new_geo({latitude, longitude}));
}

void add_links(icalcomponent* component, const Event& event) {
  if (const auto url = clean_web_address(event.url)) {
    add(component, icalproperty_new_url(url->c_str()));
  }
  if (const auto url = clean_web_address(event.conference_url)) {
    icalproperty* conference = icalproperty_new_conference(url->c_str());
    icalproperty_add_parameter(conference, icalparameter_new_value(ICAL_VALUE_URI));
    // One feature: libical would quote a list of them into a single unknown one.
    icalproperty_add_parameter(conference, icalparameter_new_feature(ICAL_FEATURE_VIDEO));
    if (const auto label = clean_parameter(event.conference_label); !label.empty()) {
      icalproperty_add_parameter(conference, icalparameter_new_label(label.c_str()));
    }
    add(component, conference);
  }
  if (const std::string uid = clean_line(event.related_to); !uid.empty()) {
    add(component, icalproperty_new_relatedto(uid.c_str()));
  }
}

void add_alarms(icalcomponent* component, const Event& event) {
  constexpr int kMostMinutes = 366 * 24 * 60;
  const std::string summary = clean_text(event.summary);
  for (const int minutes : event.alarm_minutes) {
    if (minutes < 0 || minutes > kMostMinutes) continue;
    Component alarm(icalcomponent_new(ICAL_VALARM_COMPONENT));
    add(alarm.get(), icalproperty_new_action(ICAL_ACTION_DISPLAY));
    add(alarm.get(), icalproperty_new_description(summary.c_str()));
    add(alarm.get(), icalproperty_new_trigger(icaltriggertype_from_int(-minutes * 60)));
    icalcomponent_add_component(component, alarm.release());
  }
}

void add_identity(icalcomponent* component, const Event& event, bool is_cancelled) {
  add(component, icalproperty_new_uid(clean_line(event.uid).c_str()));
  add(component, icalproperty_new_sequence(event.sequence));
  add(component, icalproperty_new_dtstamp(to_ical_utc(event.dtstamp)));
  if (event.created) add(component, icalproperty_new_created(to_ical_utc(*event.created)));
  if (event.last_modified != domain::Instant{}) {
    add(component, icalproperty_new_lastmodified(to_ical_utc(event.last_modified)));
  }
  add(component,
      icalproperty_new_status(is_cancelled ? ICAL_STATUS_CANCELLED : to_ical(event.status)));
}

// libical never escapes the comma of a category, so that one value would become two.
std::string write_categories(const std::vector<std::string>& categories) {
  std::string lines;
  for (const std::string& category : categories) {
    if (const std::string clean = clean_line(category); !clean.empty()) {
      lines += write_text_line("CATEGORIES", clean);
    }
  }
  return lines;
}

}  // namespace

EventText write_vevent(ItipMethod method, const Event& event) {
  const bool is_cancelled = method == ItipMethod::cancel || event.status == EventStatus::cancelled;
  const TimeForm form = decide_time_form(event);
  const Component component(icalcomponent_new(ICAL_VEVENT_COMPONENT));
  icalcomponent* vevent = component.get();
  add_identity(vevent, event, is_cancelled);
  add_times(vevent, event, form);
  add(vevent, icalproperty_new_summary(clean_text(event.summary).c_str()));
  add_text(vevent, icalproperty_new_description, event.description);
  add_place(vevent, event);
  add_links(vevent, event);
  // A cancelled meeting takes no time, and a day whose hours are unknown does not fill it.
  add(vevent, icalproperty_new_transp(is_cancelled || event.all_day ? ICAL_TRANSP_TRANSPARENT
                                                                    : ICAL_TRANSP_OPAQUE));
  add_users(vevent, event, method);
  if (!is_cancelled) add_alarms(vevent, event);

  EventText result{to_text(vevent), form == TimeForm::zoned};
  constexpr std::string_view kOpening = "BEGIN:VEVENT\r\n";
  result.text.insert(kOpening.size(), write_categories(event.categories));
  return result;
}

}  // namespace narada::calendar
