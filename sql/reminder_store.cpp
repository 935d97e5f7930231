#include "sql/reminder_store.h"

#include "sql/error.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

constexpr std::string_view kColumns =
    "SELECT m.id, m.starts, m.ends, m.tzid, m.time_precision, m.starts_at, m.ends_at, "
    "m.times_set_at, p.reminders, p.changed_at FROM meeting m "
    "LEFT JOIN reminder_plan p ON p.meeting_id = m.id ";

MeetingToRemind read_meeting(const Rows::Row& row) {
  MeetingToRemind meeting;
  meeting.id = row.id<domain::MeetingId>(0);
  meeting.times.starts = row.wall_time(1);
  meeting.times.ends = row.wall_time(2);
  meeting.times.tzid = row.text(3);
  meeting.times.precision = stored_enum("time_precision", row.text(4), domain::find_time_precision);
  meeting.times.starts_at = row.instant(5);
  meeting.times.ends_at = row.instant(6);
  meeting.times_set_at = row.find_instant(7);
  meeting.reminders = row.find_text(8);
  meeting.plan_changed_at = row.find_instant(9);
  return meeting;
}

}  // namespace

std::vector<MeetingToRemind> list_meetings_to_remind(Connection& connection, domain::Instant now,
                                                     domain::Instant until) {
  static const std::string kSelect =
      std::string(kColumns) +
      "WHERE m.status = 'published' AND m.starts_at > ? AND m.starts_at <= ? "
      "ORDER BY m.starts_at, m.id";
  std::vector<MeetingToRemind> meetings;
  for (const auto row : connection.query(kSelect, {now, until})) {
    meetings.push_back(read_meeting(row));
  }
  return meetings;
}

std::optional<MeetingToRemind> find_meeting_to_remind(Connection& connection,
                                                      domain::MeetingId id) {
  static const std::string kSelect = std::string(kColumns) + "WHERE m.id = ?";
  const Rows found = connection.query(kSelect, {id});
  if (found.empty()) return std::nullopt;
  return read_meeting(found[0]);
}

bool is_reminder_finished(Connection& connection, domain::MeetingId meeting,
                          std::string_view reminder, domain::Instant starts_at) {
  constexpr std::string_view kSelect =
      "SELECT 1 FROM reminder_round WHERE meeting_id = ? AND reminder = ? AND starts_at = ?";
  return !connection.query(kSelect, {meeting, reminder, starts_at}).empty();
}

void save_reminder_finished(Connection& connection, domain::MeetingId meeting,
                            std::string_view reminder, domain::Instant starts_at,
                            domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT IGNORE INTO reminder_round (meeting_id, reminder, starts_at, finished_at) "
      "VALUES (?, ?, ?, ?)";
  connection.execute(kInsert, {meeting, reminder, starts_at, now});
}

std::vector<PersonToRemind> list_people_to_remind(Connection& connection, domain::MeetingId meeting,
                                                  std::string_view reminder,
                                                  std::string_view choice,
                                                  domain::Instant starts_at,
                                                  domain::Instant confirmed_until, int limit) {
  constexpr std::string_view kSelect =
      "SELECT r.id, COALESCE(general.wanted, 1) = 1 AND COALESCE(single.wanted, 1) = 1 "
      "FROM registration r JOIN person p ON p.id = r.person_id AND p.erased_at IS NULL "
      "LEFT JOIN notification_choice general ON general.person_id = p.id AND general.kind = "
      "'reminder' "
      "LEFT JOIN notification_choice single ON single.person_id = p.id AND single.kind = ? "
      "WHERE r.meeting_id = ? AND r.status = 'confirmed' "
      "AND COALESCE(r.confirmed_at, r.created_at) <= ? "
      "AND NOT EXISTS (SELECT 1 FROM reminder_sent s WHERE s.registration_id = r.id "
      "AND s.reminder = ? AND s.starts_at = ?) ORDER BY r.id LIMIT ?";
  std::vector<PersonToRemind> people;
  for (const auto row :
       connection.query(kSelect, {choice, meeting, confirmed_until, reminder, starts_at, limit})) {
    people.push_back({row.id<domain::RegistrationId>(0), row.boolean(1)});
  }
  return people;
}

void save_reminder_sent(Connection& connection, domain::RegistrationId registration,
                        std::string_view reminder, domain::Instant starts_at,
                        std::optional<domain::OutgoingMailId> mail, domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO reminder_sent (registration_id, reminder, starts_at, outgoing_mail_id, "
      "decided_at, meeting_version, calendar_shown) SELECT r.id, ?, ?, ?, ?, m.version, "
      "r.calendar_shown FROM registration r JOIN meeting m ON m.id = r.meeting_id WHERE r.id = ?";
  connection.execute(kInsert, {reminder, starts_at, mail, now, registration});
}

std::vector<RemindersSent> count_reminders_sent(Connection& connection, domain::MeetingId meeting,
                                                domain::Instant starts_at) {
  constexpr std::string_view kSelect =
      "SELECT s.reminder, COUNT(*), CAST(SUM(mail.state = 'sent') AS SIGNED) "
      "FROM registration r JOIN reminder_sent s ON s.registration_id = r.id AND s.starts_at = ? "
      "JOIN outgoing_mail mail ON mail.id = s.outgoing_mail_id "
      "WHERE r.meeting_id = ? GROUP BY s.reminder";
  std::vector<RemindersSent> counts;
  for (const auto row : connection.query(kSelect, {starts_at, meeting})) {
    counts.push_back({row.text(0), row.integer(1), row.integer(2)});
  }
  return counts;
}

std::optional<WrittenReminder> find_written_reminder(Connection& connection,
                                                     domain::OutgoingMailId mail) {
  constexpr std::string_view kSelect =
      "SELECT reminder, starts_at FROM reminder_sent WHERE outgoing_mail_id = ?";
  const Rows found = connection.query(kSelect, {mail});
  if (found.empty()) return std::nullopt;
  return WrittenReminder{found[0].text(0), found[0].instant(1)};
}

bool is_still_true(Connection& connection, domain::OutgoingMailId mail, domain::Instant now) {
  constexpr std::string_view kSelect =
      "SELECT 1 FROM reminder_sent s JOIN registration r ON r.id = s.registration_id JOIN meeting "
      "m ON m.id = r.meeting_id WHERE s.outgoing_mail_id = ? AND r.status = 'confirmed' AND "
      "m.status = 'published' AND m.time_precision <> 'month' AND m.starts_at = s.starts_at AND "
      "m.starts_at > ? AND (s.meeting_version = 0 OR (m.version = s.meeting_version AND "
      "r.calendar_shown = s.calendar_shown))";
  return !connection.query(kSelect, {mail, now}).empty();
}

void forget_reminder(Connection& connection, const std::string& claim,
                     domain::OutgoingMailId mail) {
  // Refused (a code came), or no server was there (not counted as an attempt, yet a reply says
  // why).
  constexpr std::string_view kSelect =
      "SELECT 1 FROM outgoing_mail WHERE id = ? AND claimed_by = ? AND state = 'inflight' AND "
      "(last_attempt_at IS NULL OR last_code IS NOT NULL OR (attempts = 0 AND last_reply <> '')) "
      "FOR UPDATE";
  constexpr std::string_view kDeleteRound =
      "DELETE d FROM reminder_sent s STRAIGHT_JOIN registration r ON r.id = s.registration_id "
      "STRAIGHT_JOIN reminder_round d ON d.meeting_id = r.meeting_id AND d.reminder = s.reminder "
      "AND d.starts_at = s.starts_at WHERE s.outgoing_mail_id = ?";
  constexpr std::string_view kDelete = "DELETE FROM reminder_sent WHERE outgoing_mail_id = ?";
  if (connection.query(kSelect, {mail, claim}).empty()) return;
  connection.execute(kDeleteRound, {mail});
  connection.execute(kDelete, {mail});
}

ReminderPlan find_reminder_plan(Connection& connection, domain::MeetingId meeting) {
  constexpr std::string_view kSelect =
      "SELECT reminders, version FROM reminder_plan WHERE meeting_id = ?";
  const Rows found = connection.query(kSelect, {meeting});
  if (found.empty()) return {};
  return {found[0].find_text(0), found[0].integer(1)};
}

bool save_reminder_plan(Connection& connection, domain::MeetingId meeting,
                        const std::optional<std::string>& reminders, std::int64_t version,
                        domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO reminder_plan (meeting_id, reminders, version, changed_at) VALUES (?, ?, 1, ?)";
  constexpr std::string_view kUpdate =
      "UPDATE reminder_plan SET reminders = ?, version = version + 1, changed_at = ? "
      "WHERE meeting_id = ? AND version = ?";
  if (version != 0) return connection.execute(kUpdate, {reminders, now, meeting, version}) == 1;
  try {
    connection.execute(kInsert, {meeting, reminders, now});
    return true;
  } catch (const Duplicate&) {
    return false;
  }
}

}  // namespace narada::storage
