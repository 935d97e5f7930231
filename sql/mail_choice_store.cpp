#include "sql/mail_choice_store.h"

#include "sql/row_batches.h"

namespace narada::storage {

bool is_wanted(Connection& connection, domain::PersonId person, std::string_view choice,
               bool unless_chosen) {
  constexpr std::string_view kSelect =
      "SELECT wanted FROM notification_choice WHERE person_id = ? AND kind = ?";
  const Rows found = connection.query(kSelect, {person, choice});
  return found.empty() ? unless_chosen : found[0].boolean(0);
}

bool save_unwanted(Connection& connection, domain::PersonId person, std::string_view choice,
                   domain::Instant now) {
  constexpr std::string_view kSave =
      "INSERT INTO notification_choice (person_id, kind, wanted, changed_at) VALUES (?, ?, 0, ?) "
      "ON DUPLICATE KEY UPDATE wanted = 0, changed_at = VALUES(changed_at)";
  constexpr std::string_view kRaise =
      "UPDATE person SET version = version + 1 WHERE id = ? AND erased_at IS NULL";
  if (connection.execute(kRaise, {person}) == 0) return false;
  connection.execute(kSave, {person, choice, now});
  return true;
}

void save_waiting_announcements(Connection& connection, const std::vector<domain::PersonId>& people,
                                domain::MeetingId meeting, domain::Instant now) {
  std::vector<std::vector<Parameter>> rows;
  rows.reserve(people.size());
  for (const auto person : people) rows.push_back({person, meeting, now});
  insert_rows(connection,
              "INSERT IGNORE INTO announcement_waiting (person_id, meeting_id, created_at) VALUES ",
              "(?, ?, ?)", rows);
}

}  // namespace narada::storage
