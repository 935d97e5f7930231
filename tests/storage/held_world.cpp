#include "tests/storage/held_world.h"

namespace narada::testing {

std::vector<std::string> dump(RegistrationWorld& world) {
  std::vector<std::string> lines;
  const auto add = [&](storage::Connection& connection, const std::string& sql) {
    for (const auto row : connection.query(sql)) lines.push_back(row.text(0));
  };
  world.pool().read([&](storage::Connection& connection) {
    lines.clear();
    add(connection,
        "SELECT CONCAT_WS('|', 'meeting', id, slug, title, status, starts, ends, tzid, "
        "starts_at, ends_at, COALESCE(previous_starts, '-'), summary, cancel_reason, "
        "COALESCE(onsite_capacity, '-'), onsite_confirmed, onsite_waiting, pending, "
        "COALESCE(cancelled_at, '-'), COALESCE(binned_at, '-'), status_before_bin) FROM meeting "
        "ORDER BY id");
    add(connection,
        "SELECT CONCAT_WS('|', 'place', meeting_id, position, name, address, room, "
        "COALESCE(institution_id, '-')) FROM meeting_place ORDER BY meeting_id, position");
    add(connection,
        "SELECT CONCAT_WS('|', 'registration', id, status, mode, queue_number, "
        "COALESCE(calendar_sequence, '-'), calendar_shown, invited, COALESCE(confirmed_at, '-'), "
        "COALESCE(cancelled_at, '-')) FROM registration "
        "ORDER BY id");
    add(connection,
        "SELECT CONCAT('mail|', id, '|', kind, '|', facts) FROM outgoing_mail ORDER BY id");
    add(connection, "SELECT CONCAT('invitation|', id) FROM invitation ORDER BY id");
    add(connection, "SELECT CONCAT('token|', HEX(token_hash)) FROM registration_token ORDER BY 1");
    return true;
  });
  return lines;
}

std::string violations(RegistrationWorld& world) {
  std::string text;
  for (const auto& line : world.find_violations()) {
    if (!line.starts_with("each change of a registration has one mail")) text += line + "\n";
  }
  return text;
}

}  // namespace narada::testing
