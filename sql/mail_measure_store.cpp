#include "sql/mail_measure_store.h"

namespace narada::storage {
namespace {

void take_earlier(std::optional<domain::Instant>& first,
                  const std::optional<domain::Instant>& other) {
  if (other && (!first || *other < *first)) first = other;
}

}  // namespace

std::vector<MailCount> count_mails(Connection& connection) {
  constexpr std::string_view kSelect =
      "SELECT state, paused, priority, COUNT(*) FROM outgoing_mail GROUP BY state, paused, "
      "priority";
  std::vector<MailCount> counts;
  for (const auto row : connection.query(kSelect))
    counts.push_back({row.text(0), row.small_integer(2), row.boolean(1), row.integer(3)});
  return counts;
}

MailPauseCounts count_mail_pauses(Connection& connection) {
  constexpr std::string_view kSelect =
      "SELECT COALESCE(MAX(pause_key = 'all'), 0), COALESCE(MAX(pause_key = 'bulk'), 0), "
      "COUNT(meeting_id) FROM mail_pause";
  const auto row = connection.query(kSelect)[0];
  return {row.boolean(0), row.boolean(1), row.integer(2)};
}

WaitingTimes find_waiting_times(Connection& connection, int priority, domain::Instant now) {
  constexpr std::string_view kDue =
      "SELECT MIN(not_before) FROM outgoing_mail WHERE state = ? AND paused = 0 AND priority = ? "
      "AND not_before <= ?";
  constexpr std::string_view kLater =
      "SELECT MIN(not_before) FROM outgoing_mail WHERE state = ? AND paused = 0 AND priority = ? "
      "AND not_before > ?";
  WaitingTimes times;
  for (const std::string_view state : {"queued", "awaiting_retry"}) {
    take_earlier(times.oldest_due,
                 connection.query(kDue, {state, priority, now})[0].find_instant(0));
    take_earlier(times.next_attempt,
                 connection.query(kLater, {state, priority, now})[0].find_instant(0));
  }
  return times;
}

}  // namespace narada::storage
