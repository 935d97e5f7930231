#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "service/domain/meeting.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/reminders/reminder_times.h"
#include "sql/connection.h"

namespace narada::usecases {

// Writes the mails of every reminder that is due, by reminder_times.h, to everybody confirmed; how
// many. Any number of processes may do this at once and be killed at any moment: each mail is
// written in one transaction with the row that says so, under the lock of its meeting. Reminds
// nobody of a meeting that is past, cancelled, in the bin, not published or half-fixed.
int remind_due(const Environment& environment, const std::stop_token& stopping);

// Those of the meeting: its own, or the installation's.
std::vector<domain::ReminderOffset> reminders_of(storage::Connection& connection,
                                                 const Environment& environment,
                                                 domain::MeetingId meeting);

// By which choice of a person such a reminder can be switched off; "reminder" switches off all.
std::string reminder_choice(const Environment& environment, domain::ReminderOffset offset);

// What a meeting's people are reminded of, for who organizes it.
struct PlannedReminder {
  ReminderTime time;
  std::int64_t written = 0;                      // mails
  std::int64_t left = 0;                         // of these, handed over
  enum class State { to_come, gone, too_late };  // too late: it goes to nobody
  State state = State::to_come;
  domain::Instant leaves_at{};  // `time.due`, or when quiet hours are over
};
struct MeetingReminders {
  domain::Meeting meeting;
  bool own = false;     // not those of the installation
  std::string offsets;  // "7d,1d,2h" or "off"
  std::int64_t version = 0;
  std::vector<PlannedReminder> reminders;  // the first to go first
};
// `instead`: as if these had been chosen; absent in it: those of the installation.
using OwnReminders = std::optional<std::vector<domain::ReminderOffset>>;
domain::Outcome<MeetingReminders> find_meeting_reminders(
    const Environment&, const Actor&, domain::MeetingId,
    const std::optional<OwnReminders>& instead = {});
// Absent: those of the installation again. Stale when somebody else has changed them. Nothing is
// written when nothing differs. A reminder whose time is over is
// not sent afterwards. Writes activity meeting.reminders_changed.
domain::Outcome<domain::MeetingId> set_meeting_reminders(const Environment&, const Call&,
                                                         domain::MeetingId, std::int64_t version,
                                                         const OwnReminders& reminders);

// What a move does to the reminders of a meeting: those that will go, with the times before and
// after; absent: not any more, or not yet.
struct MovedReminder {
  domain::ReminderOffset offset;
  std::optional<domain::Instant> before;
  std::optional<domain::Instant> after;
  friend bool operator==(const MovedReminder&, const MovedReminder&) = default;
};
std::vector<MovedReminder> moved_reminders(const domain::MeetingTimes& before,
                                           const domain::MeetingTimes& after,
                                           const std::vector<domain::ReminderOffset>& offsets,
                                           domain::Instant now);

}  // namespace narada::usecases
