#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace narada::calendar {

// A VTIMEZONE of two open-ended rules (or one fixed offset) anchored in 1970, which every reader
// accepts, instead of the zone's whole history.
struct ShortZone {
  std::string text;    // folded, CRLF
  int first_year = 0;  // it shows the zone's clocks rightly from the first day of this year…
  int last_year = 0;   // …to the last day of this one
};

// Absent when the zone is UTC itself or unknown to libical, or has no rule that a short text could
// tell (Morocco's follow the moon): times are then written in UTC. Any thread; after the first call
// for a name a lookup only.
std::shared_ptr<const ShortZone> find_short_zone(std::string_view tzid);

}  // namespace narada::calendar
