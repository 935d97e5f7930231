#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/time.h"

namespace narada::calendar {

struct ResolvedTime {
  domain::Instant instant{};
  bool exists = true;  // false: skipped by the change to summer time; moved to the next valid one
  bool ambiguous = false;  // occurs twice; the first is taken (RFC 5545 3.3.5)
};

bool is_known_zone(std::string_view tzid);  // an Olson name that ICU knows
// Precondition: is_known_zone(tzid).
ResolvedTime to_instant(domain::WallTime wall, std::string_view tzid);
domain::WallTime to_wall_time(domain::Instant instant, std::string_view tzid);
// RFC 3339 with the zone's offset at that moment: "2027-01-21T09:30:00+01:00".
std::string format_rfc3339(domain::Instant instant, std::string_view tzid);
// RFC 3339 with offset or Z → instant; absent when malformed.
std::optional<domain::Instant> parse_rfc3339(std::string_view text);
// "2027-01-21T09:30" or with seconds, no offset; absent when malformed.
std::optional<domain::WallTime> parse_wall_time(std::string_view text);

}  // namespace narada::calendar
