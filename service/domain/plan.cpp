#include "service/domain/plan.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>

namespace narada::domain {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::months;
using std::chrono::weeks;
using std::chrono::year_month;

// Days without a zone: the arithmetic of weeks needs a count, not a calendar field.
using Day = std::chrono::local_days;

Date date_of(Day day) { return Date{day}; }
year_month month_of(Day day) { return date_of(day).year() / date_of(day).month(); }

Day day_within(year_month month, const Plan& plan) {
  if (plan.month_day) {
    const Date last{month / std::chrono::last};
    const auto wanted = std::chrono::day{static_cast<unsigned>(*plan.month_day)};
    return Day{month / std::min(wanted, last.day())};
  }
  if (plan.nth < 0) return Day{month / plan.weekday[std::chrono::last]};
  return Day{month / plan.weekday[static_cast<unsigned>(plan.nth)]};
}

// The days of a plan before holidays are looked at: day(0) < day(1) < …
class Series {
 public:
  explicit Series(const Plan& plan) : plan_(plan), first_(Day{plan.first}) {
    if (is_weekly()) {
      first_ += plan.weekday - std::chrono::weekday{first_};
      return;
    }
    month_ = month_of(first_);
    if (day_within(month_, plan_) < first_) month_ += months{1};
  }

  bool is_weekly() const { return plan_.every_months == 0; }

  Day day(int index) const {
    if (is_weekly()) return first_ + weeks{index * plan_.every_weeks};
    return day_within(month_ + months{index * plan_.every_months}, plan_);
  }

 private:
  const Plan& plan_;
  Day first_;         // of a weekly series
  year_month month_;  // of a monthly series
};

// Where a session takes place instead of a holiday; absent when no day around it is free.
std::optional<Day> find_day_around(const Series& series, int index, Day earliest,
                                   const HolidayName& holiday_name) {
  const Day nominal = series.day(index);
  const Day later = nominal + weeks{1};
  if (month_of(later) == month_of(nominal) && later < series.day(index + 1) &&
      holiday_name(date_of(later)).empty()) {
    return later;
  }
  const Day before = nominal - weeks{1};
  if (before >= earliest && holiday_name(date_of(before)).empty()) return before;
  return std::nullopt;
}

// The day that a session of the series gets. Absent day: its week is left out.
struct Placement {
  std::optional<Day> day;
  std::string moved_from;  // the holiday that the nominal day is; empty when the session stays
};

Placement place(const Series& series, int index, Day earliest, bool may_leave_out,
                const HolidayName& holiday_name) {
  const Day nominal = series.day(index);
  std::string holiday{holiday_name(date_of(nominal))};
  if (holiday.empty()) return {nominal, {}};
  if (const auto other = find_day_around(series, index, earliest, holiday_name)) {
    return {other, std::move(holiday)};
  }
  if (may_leave_out) return {std::nullopt, std::move(holiday)};
  return {nominal, {}};
}

PlannedSession session_on(Day day, const Plan& plan) {
  PlannedSession session;
  session.starts = WallTime{day} + minutes{plan.starts_minute};
  session.ends = session.starts + minutes{plan.duration_minutes};
  return session;
}

void warn_about_day(PlannedSession& session, Day day, const HolidayName& holiday_name) {
  if (const std::string_view name = holiday_name(date_of(day)); !name.empty()) {
    session.warnings.push_back({"holiday", std::string(name)});
  }
  const std::chrono::weekday weekday{day};
  if (weekday == std::chrono::Saturday || weekday == std::chrono::Sunday) {
    session.warnings.push_back({"weekend", ""});
  }
}

void warn_about_times(PlannedSession& session, const Plan& plan, const WallTimeExists& exists) {
  if (!exists) return;
  if (exists(session.starts, plan.tzid) && exists(session.ends, plan.tzid)) return;
  session.warnings.push_back({"nonexistent_time", ""});
}

void check_range(FieldErrors& errors, std::string field, int value, int min, int max) {
  if (value >= min && value <= max) return;
  errors.push_back({std::move(field),
                    "out_of_range",
                    {{"min", std::to_string(min)}, {"max", std::to_string(max)}}});
}

}  // namespace

FieldErrors find_plan_errors(const Plan& plan) {
  FieldErrors errors;
  if (!plan.first.ok()) {
    errors.push_back({"first", "invalid_date"});
  } else {
    check_range(errors, "first", static_cast<int>(plan.first.year()), 1990, 2200);
  }
  check_range(errors, "count", plan.count, 1, 60);
  check_range(errors, "every_months", plan.every_months, 0, 12);
  if (plan.every_months == 0) check_range(errors, "every_weeks", plan.every_weeks, 1, 52);
  if (!plan.weekday.ok()) errors.push_back({"weekday", "invalid_weekday"});
  const bool by_weekday = plan.every_months != 0 && !plan.month_day;
  if (by_weekday && plan.nth != -1) check_range(errors, "nth", plan.nth, 1, 4);
  if (plan.month_day) check_range(errors, "month_day", *plan.month_day, 1, 31);
  check_range(errors, "starts_minute", plan.starts_minute, 0, 24 * 60 - 1);
  check_range(errors, "duration_minutes", plan.duration_minutes, 15, 24 * 60);
  if (plan.tzid.empty()) errors.push_back({"tzid", "required"});
  return errors;
}

std::vector<PlannedSession> plan_sessions(const Plan& plan, const HolidayName& holiday_name,
                                          const WallTimeExists& wall_time_exists) {
  // Weeks left out one after another; only a holiday_name that never says no comes this far.
  constexpr std::ptrdiff_t kMostLeftOut = 52;
  const Series series(plan);
  std::vector<PlannedSession> sessions;
  std::vector<PlanWarning> moves;  // also from the weeks left out before the session
  Day earliest{plan.first};
  for (int index = 0; std::ssize(sessions) < plan.count; ++index) {
    Placement placement{series.day(index), {}};
    if (plan.avoid_holidays) {
      const bool may_leave_out = series.is_weekly() && std::ssize(moves) < kMostLeftOut;
      placement = place(series, index, earliest, may_leave_out, holiday_name);
    }
    if (!placement.moved_from.empty()) {
      moves.push_back({"moved_from_holiday", std::move(placement.moved_from)});
    }
    if (!placement.day) continue;
    PlannedSession session = session_on(*placement.day, plan);
    session.warnings = std::exchange(moves, {});
    warn_about_day(session, *placement.day, holiday_name);
    warn_about_times(session, plan, wall_time_exists);
    sessions.push_back(std::move(session));
    earliest = *placement.day + days{1};
  }
  return sessions;
}

}  // namespace narada::domain
