#include "service/usecases/mails/mail_gauges.h"

#include <algorithm>

#include "service/usecases/operations.h"
#include "sql/mail_measure_store.h"
#include "sql/stored_enum.h"

namespace narada::usecases {
namespace {

bool is_waiting(MailState state) {
  return state == MailState::queued || state == MailState::awaiting_retry;
}

// Whether all mails of that priority are paused; the pauses of meetings stand in their rows.
bool is_paused(const MailGauges& gauges, std::size_t priority) {
  if (priority == static_cast<std::size_t>(notifications::MailPriority::urgent)) return false;
  if (gauges.all_paused) return true;
  return gauges.bulk_paused &&
         priority == static_cast<std::size_t>(notifications::MailPriority::bulk);
}

void count(MailGauges& gauges, const storage::MailCount& row) {
  const auto state = storage::stored_enum("outgoing_mail.state", row.state, find_mail_state);
  gauges.by_state[state] += row.count;
  if (!is_waiting(state) || row.priority < 0 ||
      row.priority >= static_cast<int>(gauges.waiting.size()))
    return;
  const auto priority = static_cast<std::size_t>(row.priority);
  gauges.waiting[priority].count += row.count;
  if (row.paused || is_paused(gauges, priority)) gauges.waiting[priority].paused += row.count;
}

void look_at_pauses(storage::Connection& connection, MailGauges& gauges) {
  const auto pauses = storage::count_mail_pauses(connection);
  gauges.all_paused = pauses.all;
  gauges.bulk_paused = pauses.bulk;
  gauges.meetings_paused = pauses.meetings;
}

void look_at_times(storage::Connection& connection, MailGauges& gauges, domain::Instant now) {
  for (std::size_t priority = 0; priority < gauges.waiting.size(); ++priority) {
    if (is_paused(gauges, priority)) continue;
    const auto times = storage::find_waiting_times(connection, static_cast<int>(priority), now);
    gauges.waiting[priority].oldest_due = times.oldest_due;
    gauges.waiting[priority].next_attempt = times.next_attempt;
    if (times.oldest_due)
      gauges.oldest_due_seconds =
          std::max<std::int64_t>(gauges.oldest_due_seconds, (now - *times.oldest_due).count());
  }
}

}  // namespace

MailGauges measure_mails(const Environment& environment) {
  return read_database(environment, [&](storage::Connection& connection) {
    MailGauges gauges;
    look_at_pauses(connection, gauges);
    for (const auto& row : storage::count_mails(connection)) count(gauges, row);
    look_at_times(connection, gauges, environment.clock->now());
    return gauges;
  });
}

bool is_mail_late(const Environment& environment) {
  const auto gauges = read_database(environment, [&](storage::Connection& connection) {
    MailGauges found;
    look_at_pauses(connection, found);
    look_at_times(connection, found, environment.clock->now());
    return found;
  });
  return std::chrono::seconds(gauges.oldest_due_seconds) > kMailIsLate;
}

}  // namespace narada::usecases
