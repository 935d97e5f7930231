#include "service/usecases/reminders/reminders.h"

#include <algorithm>

#include "service/usecases/catalogue_activity.h"
#include "service/usecases/mails/quiet_hours.h"
#include "service/usecases/operations.h"
#include "service/usecases/stored_things.h"
#include "sql/reminder_store.h"
#include "sql/seat_store.h"

namespace narada::usecases {
namespace {

using domain::MeetingId;
using domain::Outcome;
using domain::ReminderOffset;

PlannedReminder plan_of(const Environment& environment, const domain::MeetingTimes& times,
                        const ReminderTime& time,
                        const std::vector<storage::RemindersSent>& counts) {
  PlannedReminder planned;
  planned.time = time;
  planned.leaves_at = may_leave_at(environment, notifications::MailKind::reminder, time.due,
                                   useful_until(time, times));
  for (const auto& count : counts) {
    if (count.reminder != to_string(time.offset)) continue;
    planned.written = count.written;
    planned.left = count.left;
  }
  const auto now = environment.clock->now();
  if (planned.written > 0)
    planned.state = PlannedReminder::State::gone;
  else if (time.due <= now || times.starts_at <= now)
    planned.state = PlannedReminder::State::too_late;
  return planned;
}

Outcome<MeetingReminders> find_in(storage::Connection& connection, const Environment& environment,
                                  const Actor& actor, MeetingId id,
                                  const std::optional<OwnReminders>& instead) {
  const auto allowed = check_meeting(connection, actor, Action::organize, id);
  if (!allowed) return allowed.failure();
  const auto seated = storage::find_seated_meeting(connection, id);
  if (!seated) return domain::NotFound{};
  const auto plan = storage::find_reminder_plan(connection, id);
  MeetingReminders found;
  found.meeting = seated->meeting;
  found.own = plan.reminders.has_value();
  found.offsets = plan.reminders ? *plan.reminders : to_string(environment.reminders);
  found.version = plan.version;
  auto offsets = domain::parse_reminders(found.offsets).value_or(environment.reminders);
  if (instead) offsets = instead->value_or(environment.reminders);
  const auto& times = seated->meeting.times;
  const auto counts = storage::count_reminders_sent(connection, id, times.starts_at);
  for (const auto& time : reminder_times(times, offsets)) {
    found.reminders.push_back(plan_of(environment, times, time, counts));
  }
  return found;
}

Outcome<MeetingId> set_in(storage::Connection& connection, const Environment& environment,
                          const Call& call, MeetingId id, std::int64_t version,
                          const OwnReminders& reminders) {
  if (!storage::lock_meeting(connection, id)) return domain::NotFound{};
  const auto allowed = check_meeting(connection, call.actor, Action::organize, id);
  if (!allowed) return allowed.failure();
  const auto before = storage::find_reminder_plan(connection, id);
  if (before.version != version) return domain::Stale{};
  std::optional<std::string> text;
  if (reminders) text = to_string(*reminders);
  if (before.reminders == text) return id;
  if (!storage::save_reminder_plan(connection, id, text, version, environment.clock->now())) {
    return domain::Stale{};
  }
  record_activity(connection, environment, call, "meeting.reminders_changed", "meeting", id.value,
                  id, R"({"reminders":")" + text.value_or("default") + R"("})");
  return id;
}

}  // namespace

std::vector<ReminderOffset> reminders_of(storage::Connection& connection,
                                         const Environment& environment, MeetingId meeting) {
  const auto plan = storage::find_reminder_plan(connection, meeting);
  if (!plan.reminders) return environment.reminders;
  return domain::parse_reminders(*plan.reminders).value_or(environment.reminders);
}

Outcome<MeetingReminders> find_meeting_reminders(const Environment& environment, const Actor& actor,
                                                 MeetingId id,
                                                 const std::optional<OwnReminders>& instead) {
  return read_database(environment, [&](storage::Connection& connection) {
    return find_in(connection, environment, actor, id, instead);
  });
}

Outcome<MeetingId> set_meeting_reminders(const Environment& environment, const Call& call,
                                         MeetingId id, std::int64_t version,
                                         const OwnReminders& reminders) {
  return run_once_for_id<MeetingId>(
      environment, call, "set_reminders", [&](storage::Connection& connection) {
        return set_in(connection, environment, call, id, version, reminders);
      });
}

std::vector<MovedReminder> moved_reminders(const domain::MeetingTimes& before,
                                           const domain::MeetingTimes& after,
                                           const std::vector<ReminderOffset>& offsets,
                                           domain::Instant now) {
  const auto due_after = [&](const domain::MeetingTimes& times, ReminderOffset offset) {
    std::optional<domain::Instant> due;
    for (const auto& time : reminder_times(times, {offset})) {
      if (time.due > now) due = time.due;
    }
    return due;
  };
  std::vector<MovedReminder> moved;
  for (const auto offset : offsets) {
    const MovedReminder one{offset, due_after(before, offset), due_after(after, offset)};
    if (one.before != one.after) moved.push_back(one);
  }
  return moved;
}

}  // namespace narada::usecases
