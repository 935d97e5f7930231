#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/meeting.h"
#include "sql/connection.h"

namespace narada::storage {

// A meeting as far as reminders need it.
struct MeetingToRemind {
  domain::MeetingId id;
  domain::MeetingTimes times;
  std::optional<domain::Instant> times_set_at;  // absent: since it was made
  std::optional<std::string> reminders;         // of its own: "7d,1d,2h", "off"
  std::optional<domain::Instant> plan_changed_at;
};
// Published, neither begun at `now` nor begun later than `until`, the next first.
std::vector<MeetingToRemind> list_meetings_to_remind(Connection& connection, domain::Instant now,
                                                     domain::Instant until);
// Whatever its status.
std::optional<MeetingToRemind> find_meeting_to_remind(Connection& connection, domain::MeetingId id);

// Everybody concerned has this reminder of this beginning.
bool is_reminder_finished(Connection& connection, domain::MeetingId meeting,
                          std::string_view reminder, domain::Instant starts_at);
void save_reminder_finished(Connection& connection, domain::MeetingId meeting,
                            std::string_view reminder, domain::Instant starts_at,
                            domain::Instant now);

// Who is confirmed since `confirmed_until` at the latest and has not had this reminder of this
// beginning, in the order of ids.
struct PersonToRemind {
  domain::RegistrationId registration;
  bool wanted = true;  // by what the person has chosen
};
std::vector<PersonToRemind> list_people_to_remind(Connection& connection, domain::MeetingId meeting,
                                                  std::string_view reminder,
                                                  std::string_view choice,
                                                  domain::Instant starts_at,
                                                  domain::Instant confirmed_until, int limit);
// Precondition: the meeting's row is locked.
void save_reminder_sent(Connection& connection, domain::RegistrationId registration,
                        std::string_view reminder, domain::Instant starts_at,
                        std::optional<domain::OutgoingMailId> mail, domain::Instant now);

// How many mails of each reminder of this beginning have been written.
struct RemindersSent {
  std::string reminder;
  std::int64_t written = 0;  // whatever became of them
  std::int64_t left = 0;     // of these, handed over
};
std::vector<RemindersSent> count_reminders_sent(Connection& connection, domain::MeetingId meeting,
                                                domain::Instant starts_at);

// What a mail that is a reminder was written for.
struct WrittenReminder {
  std::string reminder;
  domain::Instant starts_at{};
};
std::optional<WrittenReminder> find_written_reminder(Connection& connection,
                                                     domain::OutgoingMailId mail);
// Whether its person still holds a place, at a published meeting that begins when it says, after
// `now`, and nothing of the meeting or of their way there has been changed since it was written.
bool is_still_true(Connection& connection, domain::OutgoingMailId mail, domain::Instant now);
// As if the reminder of that mail, which the claim holds, had never been written: where it is due,
// it is written anew. Not where the mail may have arrived. Precondition: the meeting's row is
// locked, so that the job does not finish the round meanwhile.
void forget_reminder(Connection& connection, const std::string& claim, domain::OutgoingMailId mail);

// A meeting's own times.
struct ReminderPlan {
  std::optional<std::string> reminders;  // absent: those of the installation
  std::int64_t version = 0;              // 0: has never had any of its own
};
ReminderPlan find_reminder_plan(Connection& connection, domain::MeetingId meeting);
// False: `version` is not the current one.
bool save_reminder_plan(Connection& connection, domain::MeetingId meeting,
                        const std::optional<std::string>& reminders, std::int64_t version,
                        domain::Instant now);

}  // namespace narada::storage
