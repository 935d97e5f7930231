#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "calendar/ical_handle.h"
#include "service/domain/time.h"

// How calendars that other programs write are read, for the .cpp files of this folder.
namespace narada::calendar {

// Absent for what libical must not be given or cannot parse: too long, components nested too deeply
// (it frees them by recursion, and a few megabytes of BEGIN lines would be the end of the stack),
// or no VCALENDAR.
Component parse_foreign(std::string_view text, std::size_t most_octets);

// A time of a calendar with the zone that it is meant in; UTC is a zone like another. What has no
// zone, or one that nobody knows, is meant in the zone of meetings.
struct Moment {
  domain::WallTime wall{};
  std::string zone;
  bool is_date = false;
  domain::Instant instant() const;
};
std::optional<domain::WallTime> wall_of(const icaltimetype& time);
// `time` is the value of `property`, whose TZID is an Olson name, alone or at the end of a path, or
// one that Windows has ("Central European Standard Time").
std::optional<Moment> moment_of(icalproperty* property, const icaltimetype& time);

inline icalproperty* first(icalcomponent* component, icalproperty_kind kind) {
  return icalcomponent_get_first_property(component, kind);
}

template <class Work>
void each(icalcomponent* component, icalproperty_kind kind, Work work) {
  for (icalproperty* one = first(component, kind); one != nullptr;
       one = icalcomponent_get_next_property(component, kind))
    work(one);
}

std::string uid_of(icalcomponent* event);

}  // namespace narada::calendar
