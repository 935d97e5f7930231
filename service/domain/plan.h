#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/outcome.h"
#include "service/domain/time.h"

namespace narada::domain {

// "6 times, every month, third Tuesday, 10:00, 4 h, from January 2027, not on holidays".
struct Plan {
  Date first;            // the search starts on this day
  int count = 6;         // 1..60
  int every_months = 1;  // 1..12; 0: every_weeks counts instead
  int every_weeks = 0;   // 1..52 when every_months is 0
  std::chrono::weekday weekday{std::chrono::Tuesday};
  int nth = 3;  // 1..4, or -1 for the last of the month; ignored for weeks
  // 1..31: of months that day counts instead of weekday and nth; where a month is shorter, its
  // last.
  std::optional<int> month_day = {};
  int starts_minute = 10 * 60;  // minutes after midnight, wall clock
  int duration_minutes = 240;   // 15..1440
  bool avoid_holidays = true;   // move a session off a holiday instead of only warning
  std::string tzid = kDefaultZone;
};

struct PlanWarning {
  // holiday, weekend, moved_from_holiday, nonexistent_time; collision is for callers that know the
  // other meetings
  std::string code;
  std::string detail;  // the holiday's name, the other meeting's title
  friend bool operator==(const PlanWarning&, const PlanWarning&) = default;
};

struct PlannedSession {
  WallTime starts{};
  WallTime ends{};
  std::vector<PlanWarning> warnings;
  friend bool operator==(const PlannedSession&, const PlannedSession&) = default;
};

// Name of the public holiday on that day, in Polish; empty when there is none.
using HolidayName = std::function<std::string_view(Date)>;

// False for a wall-clock time that the change to summer time skips in that zone.
using WallTimeExists = std::function<bool(WallTime, std::string_view tzid)>;

// Every field of a plan that breaks its bounds above, in the order of the fields: out_of_range with
// min and max, invalid_date, invalid_weekday, required. Whether the zone exists is not known here.
FieldErrors find_plan_errors(const Plan& plan);

// The dates of a valid plan, `count` of them, in order, none before `first`. With avoid_holidays a
// session whose day is a holiday moves to the same weekday a week later within its month if that
// day is free, else a week earlier, and says so in a warning; where neither is free, a plan of
// weeks leaves that week out and runs on longer, and a plan of months keeps the day and warns.
// Without avoid_holidays it stays and is warned about. Times without a `wall_time_exists` are not
// checked. Pure: the same plan always yields the same dates. Precondition: find_plan_errors(plan)
// is empty.
std::vector<PlannedSession> plan_sessions(const Plan& plan, const HolidayName& holiday_name,
                                          const WallTimeExists& wall_time_exists = {});

}  // namespace narada::domain
