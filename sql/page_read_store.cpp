#include "sql/page_read_store.h"

#include "sql/row_key.h"

namespace narada::storage {
namespace {

using domain::ReadKind;

// The public things of a kind as (id, address_key, title) of a table named x.
std::string_view public_things(ReadKind kind) {
  switch (kind) {
    case ReadKind::practice:
      return "(SELECT p.id, p.slug AS address_key, p.title FROM practice p"
             " WHERE p.status = 'published') x";
    case ReadKind::meeting:
      return "(SELECT m.id, m.slug AS address_key, m.title FROM meeting m"
             " WHERE m.status IN ('published', 'cancelled')) x";
    case ReadKind::cycle:
      return "(SELECT c.id, c.slug AS address_key, c.title FROM cycle c"
             " WHERE c.status = 'published') x";
    case ReadKind::material:
      break;
  }
  return "(SELECT m.id, CAST(m.id AS CHAR) AS address_key, m.title FROM material m"
         " LEFT JOIN meeting g ON g.id = m.meeting_id LEFT JOIN cycle c ON c.id = m.cycle_id"
         " LEFT JOIN practice p ON p.id = m.practice_id"
         " WHERE m.deleted_at IS NULL AND m.access = 'everybody'"
         " AND COALESCE(g.status, c.status, p.status) IN ('published', 'cancelled')) x";
}

std::string_view id_by_key(ReadKind kind) {
  switch (kind) {
    case ReadKind::practice:
      return "SELECT id FROM practice WHERE slug = ? AND status = 'published'";
    case ReadKind::meeting:
      return "SELECT id FROM meeting WHERE slug = ? AND status IN ('published', 'cancelled')";
    case ReadKind::cycle:
      return "SELECT id FROM cycle WHERE slug = ? AND status = 'published'";
    case ReadKind::material:
      break;
  }
  return "SELECT id FROM material WHERE id = ? AND deleted_at IS NULL AND access = 'everybody'";
}

constexpr std::string_view kAdd =
    "INSERT INTO page_read_day (kind, thing_id, day, reads_count) VALUES (?, ?, ?, ?)"
    " ON DUPLICATE KEY UPDATE reads_count = reads_count + VALUES(reads_count)";
constexpr std::string_view kSince =
    "SELECT COALESCE(SUM(reads_count), 0) FROM page_read_day"
    " WHERE kind = ? AND thing_id = ? AND day >= ?";
constexpr std::string_view kAll =
    "SELECT CAST((SELECT COALESCE(SUM(reads_count), 0) FROM page_read_day"
    "  WHERE kind = ? AND thing_id = ?) + (SELECT COALESCE(SUM(reads_count), 0)"
    "  FROM page_read_month WHERE kind = ? AND thing_id = ?) AS SIGNED)";
constexpr std::string_view kMonths =
    "SELECT month, CAST(SUM(reads_count) AS SIGNED) FROM"
    " (SELECT DATE_SUB(day, INTERVAL DAYOFMONTH(day) - 1 DAY) AS month, reads_count"
    "  FROM page_read_day WHERE kind = ? AND thing_id = ?"
    "  UNION ALL SELECT month, reads_count FROM page_read_month WHERE kind = ? AND thing_id = ?) x"
    " GROUP BY month ORDER BY month DESC LIMIT ?";
constexpr std::string_view kEarliest =
    "SELECT day FROM page_read_day WHERE day < ? ORDER BY day LIMIT 1";
constexpr std::string_view kLockDay =
    "SELECT kind, thing_id FROM page_read_day FORCE INDEX (page_read_day_day) WHERE day = ?"
    " FOR UPDATE";
constexpr std::string_view kFold =
    "INSERT INTO page_read_month (kind, thing_id, month, reads_count)"
    " SELECT d.kind, d.thing_id, DATE_SUB(d.day, INTERVAL DAYOFMONTH(d.day) - 1 DAY),"
    " d.reads_count FROM page_read_day d WHERE d.day = ?"
    " ON DUPLICATE KEY UPDATE reads_count = page_read_month.reads_count + VALUES(reads_count)";
constexpr std::string_view kForgetDay = "DELETE FROM page_read_day WHERE day = ?";

}  // namespace

void add_page_reads(Connection& connection, const domain::PageReads& reads) {
  const bool by_number = reads.kind == ReadKind::material;
  const auto number = by_number ? find_row_id(reads.key) : std::nullopt;
  if (by_number && !number) return;
  const Parameter key = by_number ? Parameter(*number) : Parameter(reads.key);
  const Rows rows = connection.query(id_by_key(reads.kind), {key});
  if (rows.empty()) return;
  connection.execute(kAdd, {to_string(reads.kind), rows[0].integer(0), reads.day, reads.count});
}

std::vector<MostRead> list_most_read(Connection& connection, ReadKind kind, domain::Date since,
                                     int limit) {
  const std::string sql =
      "SELECT x.id, x.address_key, x.title, CAST(SUM(r.reads_count) AS SIGNED) AS total"
      " FROM page_read_day r JOIN " +
      std::string(public_things(kind)) +
      " ON x.id = r.thing_id WHERE r.kind = ? AND r.day >= ?"
      " GROUP BY x.id, x.address_key, x.title ORDER BY total DESC, x.id DESC LIMIT ?";
  std::vector<MostRead> found;
  for (const auto row : connection.query(sql, {to_string(kind), since, limit}))
    found.push_back({row.integer(0), row.text(1), row.text(2), row.integer(3)});
  return found;
}

std::int64_t count_reads(Connection& connection, ReadKind kind, std::int64_t id,
                         domain::Date since) {
  return connection.query(kSince, {to_string(kind), id, since})[0].integer(0);
}

std::int64_t count_all_reads(Connection& connection, ReadKind kind, std::int64_t id) {
  return connection.query(kAll, {to_string(kind), id, to_string(kind), id})[0].integer(0);
}

std::vector<ReadMonth> list_read_months(Connection& connection, ReadKind kind, std::int64_t id,
                                        int limit) {
  std::vector<ReadMonth> months;
  for (const auto row :
       connection.query(kMonths, {to_string(kind), id, to_string(kind), id, limit}))
    months.push_back({row.date(0), row.integer(1)});
  return months;
}

bool fold_earliest_day(Connection& connection, domain::Date before) {
  const Rows rows = connection.query(kEarliest, {before});
  if (rows.empty()) return false;
  const domain::Date day = rows[0].date(0);
  connection.query(kLockDay, {day});
  connection.execute(kFold, {day});
  connection.execute(kForgetDay, {day});
  return true;
}

}  // namespace narada::storage
