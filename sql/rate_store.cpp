#include "sql/rate_store.h"

namespace narada::storage {

std::optional<domain::Instant> take_allowance(Connection& connection, std::string_view key,
                                              int burst, std::chrono::milliseconds every,
                                              domain::Instant now) {
  // A refusal changes nothing, and so counts no row.
  constexpr std::string_view kTake =
      "INSERT INTO rate_allowance (allowance_key, full_at) VALUES (?, ? + INTERVAL ? MICROSECOND) "
      "ON DUPLICATE KEY UPDATE full_at = IF(GREATEST(full_at, ?) + INTERVAL ? MICROSECOND <= ? + "
      "INTERVAL ? MICROSECOND, GREATEST(full_at, ?) + INTERVAL ? MICROSECOND, full_at)";
  const std::int64_t step = std::chrono::microseconds(every).count(), room = burst * step;
  if (connection.execute(kTake, {key, now, step, now, step, now, room, now, step}) > 0)
    return std::nullopt;
  // Up to the next whole second.
  constexpr std::string_view kSelect =
      "SELECT CAST(full_at - INTERVAL ? MICROSECOND + INTERVAL 999000 MICROSECOND AS DATETIME) "
      "FROM rate_allowance WHERE allowance_key = ?";
  const Rows rows = connection.query(kSelect, {room - step, key});
  if (rows.empty()) return now + std::chrono::seconds(1);  // removed meanwhile: whole again
  return rows[0].instant(0);
}

int purge_allowances(Connection& connection, domain::Instant now) {
  constexpr std::string_view kDelete = "DELETE FROM rate_allowance WHERE full_at < ?";
  return static_cast<int>(connection.execute(kDelete, {now}));
}

}  // namespace narada::storage
