#include "service/usecases/reminders/reminder_times.h"

#include <algorithm>
#include <chrono>

#include "calendar/zone.h"
#include "service/domain/half_fixed.h"

namespace narada::usecases {
namespace {

using domain::ReminderOffset;

// Before the reminder: what somebody was told so shortly before it is not said again.
constexpr std::chrono::minutes kJustConfirmed{30};
constexpr std::chrono::hours kDayBegins{9};

std::optional<domain::Instant> due_of(const domain::MeetingTimes& times, ReminderOffset offset) {
  const bool whole_days = times.precision == domain::TimePrecision::day;
  if (offset.unit == ReminderOffset::Unit::hours) {
    if (whole_days) return std::nullopt;
    return times.starts_at - std::chrono::hours(offset.count);
  }
  const auto begins = whole_days ? times.starts + kDayBegins : times.starts;
  return calendar::to_instant(begins - std::chrono::days(offset.count), times.tzid).instant;
}

}  // namespace

std::vector<ReminderTime> reminder_times(const domain::MeetingTimes& times,
                                         const std::vector<ReminderOffset>& offsets) {
  std::vector<ReminderTime> all;
  if (is_half_fixed(times)) return all;
  for (const auto offset : offsets) {
    if (const auto due = due_of(times, offset)) all.push_back({offset, *due});
  }
  std::stable_sort(all.begin(), all.end(), [](const ReminderTime& left, const ReminderTime& right) {
    return left.due < right.due;
  });
  return all;
}

std::optional<ReminderTime> find_due_reminder(const domain::MeetingTimes& times,
                                              const std::vector<ReminderOffset>& offsets,
                                              std::optional<domain::Instant> known_since,
                                              domain::Instant now) {
  if (times.starts_at <= now) return std::nullopt;
  std::optional<ReminderTime> nearest;
  for (const auto& one : reminder_times(times, offsets)) {
    if (one.due <= now) nearest = one;
  }
  if (nearest && known_since && nearest->due < *known_since) return std::nullopt;
  return nearest;
}

domain::Instant confirmed_before(const ReminderTime& reminder) {
  return reminder.due - kJustConfirmed;
}

domain::Instant useful_until(const ReminderTime& reminder, const domain::MeetingTimes& times) {
  if (reminder.offset.unit == ReminderOffset::Unit::days) return times.starts_at;
  return reminder.due + std::chrono::minutes(std::chrono::hours(reminder.offset.count)) / 2;
}

bool tells_way_in(ReminderOffset offset) {
  return domain::length_of(offset) <= std::chrono::hours(24);
}

}  // namespace narada::usecases
