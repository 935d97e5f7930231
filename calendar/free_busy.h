#pragma once

#include <string>
#include <vector>

#include "calendar/busy_time.h"
#include "calendar/event.h"

namespace narada::calendar {

struct FreeBusyPeriod : BusyTime {
  bool tentative = false;  // FBTYPE=BUSY-TENTATIVE: they wait for a place
};

// When somebody has time and when not, and nothing of what they do then (RFC 5545 3.6.4).
struct FreeBusy {
  std::string uid;
  domain::Instant dtstamp{};
  domain::Instant from{};
  domain::Instant to{};
  CalendarUser who;                     // ORGANIZER: whose time it is (RFC 5546 3.3.1)
  std::vector<FreeBusyPeriod> periods;  // in any order; what lies outside from…to is cut off
  std::string url;
};

// One VFREEBUSY, METHOD:PUBLISH, in UTC and in order of time. Periods of a kind that overlap or
// touch become one; what is busy is not tentative as well. Any thread.
std::string write_free_busy(const FreeBusy& free_busy);

}  // namespace narada::calendar
