#include "service/domain/reminder.h"

#include <algorithm>
#include <charconv>

namespace narada::domain {
namespace {

constexpr int kHoursOfDay = 24;

bool is_longer(ReminderOffset left, ReminderOffset right) {
  return length_of(left) > length_of(right);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

std::string to_string(ReminderOffset offset) {
  return std::to_string(offset.count) + (offset.unit == ReminderOffset::Unit::days ? "d" : "h");
}

std::optional<ReminderOffset> find_reminder_offset(std::string_view text) {
  if (text.size() < 2 || text.front() < '1' || text.front() > '9') return std::nullopt;
  const char unit = text.back();
  if (unit != 'd' && unit != 'h') return std::nullopt;
  ReminderOffset offset;
  offset.unit = unit == 'd' ? ReminderOffset::Unit::days : ReminderOffset::Unit::hours;
  const char* end = text.data() + text.size() - 1;
  const auto read = std::from_chars(text.data(), end, offset.count);
  const int most = unit == 'd' ? kMostReminderDays : kMostReminderHours;
  if (read.ec != std::errc() || read.ptr != end || offset.count > most) return std::nullopt;
  return offset;
}

std::chrono::hours length_of(ReminderOffset offset) {
  return std::chrono::hours(offset.count *
                            (offset.unit == ReminderOffset::Unit::days ? kHoursOfDay : 1));
}

std::optional<std::vector<ReminderOffset>> parse_reminders(std::string_view text) {
  std::vector<ReminderOffset> offsets;
  text = trimmed(text);
  if (text.empty() || text == "off") return offsets;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    const auto offset = find_reminder_offset(trimmed(text.substr(begin, end - begin)));
    if (!offset) return std::nullopt;
    offsets.push_back(*offset);
    begin = end + 1;
  }
  if (offsets.size() > kMostReminders) return std::nullopt;
  std::sort(offsets.begin(), offsets.end(), is_longer);
  const auto same = std::adjacent_find(offsets.begin(), offsets.end(), [](auto left, auto right) {
    return length_of(left) == length_of(right);
  });
  if (same != offsets.end()) return std::nullopt;
  return offsets;
}

std::string to_string(const std::vector<ReminderOffset>& offsets) {
  if (offsets.empty()) return "off";
  std::string text;
  for (const auto offset : offsets) text += (text.empty() ? "" : ",") + to_string(offset);
  return text;
}

std::optional<ReminderOffset> nearest_reminder(const std::vector<ReminderOffset>& offered,
                                               ReminderOffset offset) {
  const auto distance = [&](ReminderOffset one) {
    return std::chrono::abs(length_of(one) - length_of(offset));
  };
  std::optional<ReminderOffset> nearest;
  for (const auto one : offered) {
    const bool is_nearer = !nearest || distance(one) < distance(*nearest) ||
                           (distance(one) == distance(*nearest) && is_longer(one, *nearest));
    if (is_nearer) nearest = one;
  }
  return nearest;
}

}  // namespace narada::domain
