#include "sql/mail_pause_store.h"

namespace narada::storage {

std::string pause_key_of(domain::MeetingId meeting) {
  return "meeting:" + std::to_string(meeting.value);
}

std::vector<MailPause> list_mail_pauses(Connection& connection) {
  constexpr std::string_view kSelect =
      "SELECT q.pause_key, q.meeting_id, m.title, q.paused_at, q.paused_by, p.full_name FROM "
      "mail_pause q LEFT JOIN meeting m ON m.id = q.meeting_id LEFT JOIN person p ON p.id = "
      "q.paused_by ORDER BY q.meeting_id IS NOT NULL, q.paused_at, q.pause_key";
  std::vector<MailPause> pauses;
  for (const auto row : connection.query(kSelect)) {
    MailPause pause;
    pause.key = row.text(0);
    pause.meeting = row.find_id<domain::MeetingId>(1);
    pause.meeting_title = row.text_or_empty(2);
    pause.paused_at = row.instant(3);
    pause.paused_by = row.find_id<domain::PersonId>(4);
    pause.paused_by_name = row.text_or_empty(5);
    pauses.push_back(std::move(pause));
  }
  return pauses;
}

bool save_mail_pause(Connection& connection, const std::string& key,
                     std::optional<domain::MeetingId> meeting,
                     std::optional<domain::PersonId> person, domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT IGNORE INTO mail_pause (pause_key, meeting_id, paused_at, paused_by) VALUES (?, ?, "
      "?, ?)";
  constexpr std::string_view kPass =
      "UPDATE outgoing_mail SET paused = 1 WHERE meeting_id = ? AND priority > 0 AND state IN "
      "('queued', 'awaiting_retry')";
  if (connection.execute(kInsert, {key, meeting, now, person}) == 0) return false;
  if (meeting) connection.execute(kPass, {*meeting});
  return true;
}

bool delete_mail_pause(Connection& connection, const std::string& key,
                       std::optional<domain::MeetingId> meeting) {
  constexpr std::string_view kDelete = "DELETE FROM mail_pause WHERE pause_key = ?";
  constexpr std::string_view kGoOn =
      "UPDATE outgoing_mail SET paused = 0 WHERE meeting_id = ? AND paused = 1";
  if (connection.execute(kDelete, {key}) == 0) return false;
  if (meeting) connection.execute(kGoOn, {*meeting});
  return true;
}

void release_paused_mail(Connection& connection, const std::string& claim,
                         domain::OutgoingMailId mail, std::optional<domain::MeetingId> meeting) {
  // Locked, so that who resumes the meeting either waits for this row or is not there any more.
  constexpr std::string_view kLock =
      "SELECT 1 FROM mail_pause WHERE meeting_id = ? LOCK IN SHARE MODE";
  constexpr std::string_view kUpdate =
      "UPDATE outgoing_mail SET state = IF(last_attempt_at IS NULL, 'queued', 'awaiting_retry'), "
      "claimed_by = '', claim_until = NULL, paused = ? WHERE id = ? AND state = 'inflight' AND "
      "claimed_by = ?";
  const bool is_paused = meeting && !connection.query(kLock, {*meeting}).empty();
  connection.execute(kUpdate, {is_paused ? 1 : 0, mail, claim});
}

}  // namespace narada::storage
