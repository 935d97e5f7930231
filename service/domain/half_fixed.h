#pragma once

#include <chrono>
#include <utility>

#include "service/domain/meeting.h"

namespace narada::domain {

// A meeting can be half-fixed: its month is published, its day follows. Any day of the month may
// become the one, so it is to come until the month is over, and no calendar holds it before it has
// a day. When it gets one everybody confirmed is invited (MailKind::meeting_dated); when it loses
// it again, calendars are told to drop it.

inline bool is_half_fixed(const MeetingTimes& times) {
  return times.precision == TimePrecision::month;
}

// When a meeting counts as begun: nobody registers, withdraws or moves up from then on.
inline Instant begins_at(const MeetingTimes& times) {
  return is_half_fixed(times) ? times.ends_at : times.starts_at;
}

// The first of the month of `time`, and the first of the next.
inline std::pair<WallTime, WallTime> month_around(WallTime time) {
  const Date date{std::chrono::floor<std::chrono::days>(time)};
  const auto month = date.year() / date.month();
  return {WallTime{std::chrono::local_days{month / 1}},
          WallTime{std::chrono::local_days{(month + std::chrono::months{1}) / 1}}};
}

}  // namespace narada::domain
