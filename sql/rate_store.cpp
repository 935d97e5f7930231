#include "sql/rate_store.h"

namespace narada::storage {

std::optional<domain::Instant> take_allowance(Connection& connection, std::string_view key,
                                              int burst, std::chrono::seconds every,
                                              domain::Instant now) {
  // A refusal changes nothing, and so counts no row.
  constexpr std::string_view kTake =
      "INSERT INTO rate_allowance (allowance_key, full_at) VALUES (?, ?) ON DUPLICATE KEY UPDATE "
      "full_at = IF(GREATEST(full_at, ?) + INTERVAL ? SECOND <= ?, "
      "GREATEST(full_at, ?) + INTERVAL ? SECOND, full_at)";
  const auto latest = now + burst * every;
  if (connection.execute(kTake,
                         {key, now + every, now, every.count(), latest, now, every.count()}) > 0)
    return std::nullopt;
  constexpr std::string_view kSelect =
      "SELECT CAST(full_at AS DATETIME) FROM rate_allowance WHERE allowance_key = ?";
  const Rows rows = connection.query(kSelect, {key});
  if (rows.empty()) return now + std::chrono::seconds(1);  // removed meanwhile: whole again
  return rows[0].instant(0) + every - burst * every;
}

int purge_allowances(Connection& connection, domain::Instant now) {
  constexpr std::string_view kDelete = "DELETE FROM rate_allowance WHERE full_at < ?";
  return static_cast<int>(connection.execute(kDelete, {now}));
}

}  // namespace narada::storage
