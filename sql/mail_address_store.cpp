#include "sql/mail_address_store.h"

namespace narada::storage {

std::optional<MailAddress> find_mail_address(Connection& connection, std::string_view email_key) {
  const Rows rows = connection.query(
      "SELECT dead_since, hard_bounces, soft_bounces, last_reply FROM mail_address WHERE "
      "email_key = ?",
      {email_key});
  if (rows.empty()) return std::nullopt;
  return MailAddress{rows[0].find_instant(0), rows[0].small_integer(1), rows[0].small_integer(2),
                     rows[0].text(3)};
}

void mark_dead(Connection& connection, std::string_view email_key, const std::string& reply,
               domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO mail_address (email_key, dead_since, hard_bounces, last_reply, changed_at) "
      "VALUES (?, ?, 1, ?, ?) ON DUPLICATE KEY UPDATE dead_since = VALUES(dead_since), "
      "hard_bounces = hard_bounces + 1, last_reply = VALUES(last_reply), changed_at = "
      "VALUES(changed_at)";
  connection.execute(kInsert, {email_key, now, reply, now});
}

void count_soft_bounce(Connection& connection, std::string_view email_key, const std::string& reply,
                       domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO mail_address (email_key, soft_bounces, last_reply, changed_at) VALUES (?, 1, ?, "
      "?) ON DUPLICATE KEY UPDATE soft_bounces = soft_bounces + 1, last_reply = "
      "VALUES(last_reply), changed_at = VALUES(changed_at)";
  connection.execute(kInsert, {email_key, reply, now});
}

bool clear_mail_address(Connection& connection, std::string_view email_key) {
  return connection.execute("DELETE FROM mail_address WHERE email_key = ?", {email_key}) == 1;
}

MailObstacles find_mail_obstacles(Connection& connection, std::string_view email_key,
                                  std::optional<domain::MeetingId> meeting, bool is_bulk) {
  constexpr std::string_view kSelect =
      "SELECT EXISTS (SELECT 1 FROM mail_address a WHERE a.email_key = ? AND a.dead_since IS NOT "
      "NULL AND NOT EXISTS (SELECT 1 FROM person p JOIN session s ON s.person_id = p.id WHERE "
      "p.email_key = a.email_key AND s.method = 'link' AND s.created_at > a.dead_since) AND NOT "
      "EXISTS (SELECT 1 FROM person p JOIN clause_acceptance c ON c.person_id = p.id WHERE "
      "p.email_key = a.email_key AND c.accepted_at > a.dead_since) AND NOT EXISTS (SELECT 1 FROM "
      "person p JOIN registration r ON r.person_id = p.id WHERE p.email_key = a.email_key AND "
      "r.created_at > a.dead_since)), EXISTS (SELECT 1 FROM mail_pause WHERE pause_key = 'all' OR "
      "(pause_key = 'bulk' AND ? = 1) OR meeting_id = ?)";
  const Rows found = connection.query(kSelect, {email_key, is_bulk ? 1 : 0, meeting});
  return {found[0].boolean(0), found[0].boolean(1)};
}

}  // namespace narada::storage
