#pragma once

#include <optional>
#include <vector>

#include "service/domain/meeting.h"
#include "service/domain/reminder.h"

namespace narada::usecases {

// When one reminder of one meeting goes.
struct ReminderTime {
  domain::ReminderOffset offset;
  domain::Instant due{};
  friend bool operator==(const ReminderTime&, const ReminderTime&) = default;
};

// Of a meeting with these times, the first to go first. "A day before" shows the same time on the
// wall of its place as the beginning, however long that is; of a time that the change to summer
// time skips, the next valid one, of one that occurs twice the first. A meeting of whole days is
// taken to begin at nine for the days before it, and hours before it say nothing. None of a
// half-fixed one.
std::vector<ReminderTime> reminder_times(const domain::MeetingTimes& times,
                                         const std::vector<domain::ReminderOffset>& offsets);

// The one that is to go at `now`: the nearest of those whose time has come, so that after an
// interruption nobody gets two. Absent: none is due, the meeting has begun, or the nearest was due
// before `known_since`, when people learnt of these times, or of these reminders, by other means.
std::optional<ReminderTime> find_due_reminder(const domain::MeetingTimes& times,
                                              const std::vector<domain::ReminderOffset>& offsets,
                                              std::optional<domain::Instant> known_since,
                                              domain::Instant now);

// Who was confirmed later than this has just been told all that the reminder says.
domain::Instant confirmed_before(const ReminderTime& reminder);

// Until when it must have left to be of use: of days, until the beginning; of hours, until half of
// them are over.
domain::Instant useful_until(const ReminderTime& reminder, const domain::MeetingTimes& times);

// Whether it tells the way in: the meeting is near.
bool tells_way_in(domain::ReminderOffset offset);

}  // namespace narada::usecases
