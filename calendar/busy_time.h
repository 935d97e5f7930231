#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "service/domain/time.h"

namespace narada::calendar {

inline constexpr std::size_t kMostCalendarOctets = 5 << 20;

// Somebody has no time from `starts` until `ends`.
struct BusyTime {
  domain::Instant starts{};
  domain::Instant ends{};
  friend bool operator==(const BusyTime&, const BusyTime&) = default;
};

// When the owner of an iCalendar text is busy between `from` and `to`, in order and without
// overlaps: its VEVENTs with their repetitions, and its VFREEBUSYs. What is cancelled or
// transparent is no busy time. Whole days and times without a zone, or with one that nobody knows,
// are meant in the zone of meetings (domain::kDefaultZone); a Windows zone ("Central European
// Standard Time") is the one that it stands for. A rule that repeats more often than daily counts
// once. Nothing else of the text is looked at.
//
// The text may come from anywhere: absent for what is no calendar, is longer than
// kMostCalendarOctets, is nested deeper than calendars are, or takes longer than a few seconds.
std::optional<std::vector<BusyTime>> read_busy_time(std::string_view text, domain::Instant from,
                                                    domain::Instant to);

}  // namespace narada::calendar
