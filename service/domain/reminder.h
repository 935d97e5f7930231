#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace narada::domain {

// How long before a meeting begins its people are reminded. Days are days of the calendar at the
// same time of the wall clock, hours are hours that pass.
struct ReminderOffset {
  enum class Unit { hours, days };
  int count = 1;
  Unit unit = Unit::days;
  friend bool operator==(const ReminderOffset&, const ReminderOffset&) = default;
};

inline constexpr int kMostReminderDays = 60;
inline constexpr int kMostReminderHours = 48;
inline constexpr std::size_t kMostReminders = 6;  // of one meeting

// "7d", "2h": in settings, tables and forms.
std::string to_string(ReminderOffset offset);
std::optional<ReminderOffset> find_reminder_offset(std::string_view text);
// Without regard to changes of the clock; what offsets are ordered by.
std::chrono::hours length_of(ReminderOffset offset);

// "7d,1d,2h", in any order; "off" or nothing: no reminders. The longest first. Absent: malformed,
// the same length twice, or too many.
std::optional<std::vector<ReminderOffset>> parse_reminders(std::string_view text);
std::string to_string(const std::vector<ReminderOffset>& offsets);

// Whose choice counts for a reminder that is not of the installation's own list: the one nearest to
// it in length, of two the longer. Absent: the list is empty.
std::optional<ReminderOffset> nearest_reminder(const std::vector<ReminderOffset>& offered,
                                               ReminderOffset offset);

}  // namespace narada::domain
