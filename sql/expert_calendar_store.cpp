#include "sql/expert_calendar_store.h"

#include <algorithm>

#include "sql/id_list.h"

namespace narada::storage {
namespace {

constexpr std::string_view kSelect =
    "SELECT expert_id, address, etag, read_at, due_at, problem FROM expert_calendar WHERE ";

StoredExpertCalendar read_calendar(const Rows::Row& row) {
  return {row.id<domain::ExpertId>(0), row.text(1),         row.text(2),
          row.find_instant(3),         row.find_instant(4), row.text(5)};
}

}  // namespace

std::optional<StoredExpertCalendar> find_expert_calendar(Connection& connection,
                                                         domain::ExpertId expert) {
  static const std::string kFind = std::string(kSelect) + "expert_id = ?";
  const Rows rows = connection.query(kFind, {expert});
  if (rows.empty()) return std::nullopt;
  return read_calendar(rows[0]);
}

void save_expert_calendar(Connection& connection, const StoredExpertCalendar& calendar) {
  constexpr std::string_view kSave =
      "INSERT INTO expert_calendar (expert_id, address, etag, read_at, due_at, problem)"
      " VALUES (?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE address = VALUES(address),"
      " etag = VALUES(etag), read_at = VALUES(read_at), due_at = VALUES(due_at),"
      " problem = VALUES(problem)";
  connection.execute(kSave, {calendar.expert, calendar.address, calendar.etag, calendar.read_at,
                             calendar.due_at, calendar.problem});
}

void delete_expert_calendar(Connection& connection, domain::ExpertId expert) {
  connection.execute("DELETE FROM expert_busy WHERE expert_id = ?", {expert});
  connection.execute("DELETE FROM expert_calendar WHERE expert_id = ?", {expert});
}

std::vector<StoredExpertCalendar> list_due_calendars(Connection& connection, domain::Instant now,
                                                     int limit) {
  static const std::string kDue =
      std::string(kSelect) + "due_at <= ? ORDER BY due_at, expert_id LIMIT ?";
  std::vector<StoredExpertCalendar> due;
  for (const auto row : connection.query(kDue, {now, limit})) due.push_back(read_calendar(row));
  return due;
}

bool claim_due_calendar(Connection& connection, const StoredExpertCalendar& seen,
                        domain::Instant next) {
  constexpr std::string_view kClaim =
      "UPDATE expert_calendar SET due_at = ? WHERE expert_id = ? AND due_at = ? AND address = ?";
  return connection.execute(kClaim, {next, seen.expert, seen.due_at, seen.address}) == 1;
}

bool save_reading(Connection& connection, const StoredExpertCalendar& read) {
  constexpr std::string_view kLock =
      "SELECT 1 FROM expert_calendar WHERE expert_id = ? AND address = ? FOR UPDATE";
  constexpr std::string_view kSave =
      "UPDATE expert_calendar SET etag = ?, read_at = ?, problem = ? WHERE expert_id = ?";
  if (connection.query(kLock, {read.expert, read.address}).empty()) return false;
  connection.execute(kSave, {read.etag, read.read_at, read.problem, read.expert});
  return true;
}

void replace_busy(Connection& connection, domain::ExpertId expert,
                  const std::vector<BusySpan>& spans) {
  constexpr std::size_t kAtOnce = 500;
  connection.execute("DELETE FROM expert_busy WHERE expert_id = ?", {expert});
  for (std::size_t begin = 0; begin < spans.size(); begin += kAtOnce) {
    std::string sql = "INSERT INTO expert_busy (expert_id, starts_at, ends_at) VALUES ";
    std::vector<Parameter> parameters;
    for (std::size_t at = begin; at < std::min(spans.size(), begin + kAtOnce); ++at) {
      sql += at > begin ? ", (?, ?, ?)" : "(?, ?, ?)";
      parameters.insert(parameters.end(), {expert, spans[at].starts, spans[at].ends});
    }
    connection.execute(sql, parameters);
  }
}

std::vector<BusySpan> list_busy(Connection& connection,
                                const std::vector<domain::ExpertId>& experts, domain::Instant from,
                                domain::Instant to) {
  constexpr int kMost = 50'000;
  static const std::string kList =
      "SELECT b.expert_id, e.name, b.starts_at, b.ends_at FROM expert_busy b JOIN expert e"
      " ON e.id = b.expert_id WHERE b.starts_at < ? AND b.ends_at > ? AND b.expert_id" +
      std::string(kInIdList) + " ORDER BY b.starts_at, e.name, b.id LIMIT ?";
  std::vector<BusySpan> spans;
  for (const auto row : connection.query(kList, {to, from, list_of_ids(experts), kMost}))
    spans.push_back({row.id<domain::ExpertId>(0), row.text(1), row.instant(2), row.instant(3)});
  return spans;
}

int count_busy(Connection& connection, domain::ExpertId expert, domain::Instant from) {
  constexpr std::string_view kCount =
      "SELECT COUNT(*) FROM expert_busy WHERE expert_id = ? AND ends_at > ?";
  return connection.query(kCount, {expert, from})[0].small_integer(0);
}

void delete_passed_busy(Connection& connection, domain::Instant now) {
  connection.execute("DELETE FROM expert_busy WHERE ends_at <= ? LIMIT 5000", {now});
}

}  // namespace narada::storage
