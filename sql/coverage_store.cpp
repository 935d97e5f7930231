#include "sql/coverage_store.h"

#include "sql/institution_store.h"
#include "sql/reach_condition.h"

namespace narada::storage {
namespace {

// A meeting without a topic has that of its cycle.
constexpr std::string_view kTopic = "COALESCE(m.topic_id, c.topic_id)";

// A WHERE clause on meeting m and its cycle c.
Condition meetings_of(const CoverageSelection& selection) {
  Condition condition = meeting_within(selection.within);
  condition.sql = "m.status = 'published' AND " + condition.sql;
  if (!selection.topic.empty()) {
    condition.sql += " AND " + std::string(kTopic) + " = (SELECT id FROM topic WHERE slug = ?)";
    condition.parameters.emplace_back(selection.topic);
  }
  if (selection.from) {
    condition.sql += " AND m.starts >= ?";
    condition.parameters.emplace_back(*selection.from);
  }
  if (selection.until) {
    condition.sql += " AND m.starts < ?";
    condition.parameters.emplace_back(*selection.until);
  }
  return condition;
}

// A statement that is put together, with its parameters in order.
class Statement {
 public:
  Statement& add(std::string_view sql) {
    sql_ += sql;
    return *this;
  }
  Statement& add(std::string_view sql, const Parameter& parameter) {
    parameters_.push_back(parameter);
    return add(sql);
  }
  Statement& add(const Condition& condition) {
    for (const auto& parameter : condition.parameters) parameters_.push_back(parameter);
    return add(condition.sql);
  }
  Rows run(Connection& connection) const { return connection.query(sql_, parameters_); }

 private:
  std::string sql_;
  std::vector<Parameter> parameters_;
};

// One row for each institution and meeting: whether it has ended, whether anybody was marked
// attended, whether anybody holds a place there of whom nothing is known.
void add_registrations(Statement& statement, const CoverageSelection& selection) {
  statement.add("SELECT r.institution_id AS institution, MIN(").add(kTopic);
  statement.add(") AS topic, MAX(m.ends_at) <= ? AND MAX(r.status = 'attended') = 1 AS marked",
                selection.now);
  statement.add(
      ", MAX(m.ends_at) <= ? AND MAX(r.status = 'attended') = 0 AND MAX(r.status = 'confirmed') = 1"
      " AS presumed",
      selection.now);
  statement.add(
      ", 1 AS registered, 0 AS hosted, 0 AS took_part FROM meeting m"
      " JOIN registration r ON r.meeting_id = m.id"
      " LEFT JOIN cycle c ON c.id = m.cycle_id"
      " WHERE r.institution_id IS NOT NULL AND r.status IN"
      " ('pending', 'confirmed', 'waitlisted', 'attended', 'absent') AND ");
  statement.add(meetings_of(selection)).add(" GROUP BY r.institution_id, m.id");
}

void add_hosts(Statement& statement, const CoverageSelection& selection) {
  statement.add(" UNION ALL SELECT p.institution_id, MIN(").add(kTopic);
  statement.add(
      "), 0, 0, 0, 1, 0 FROM meeting m JOIN meeting_place p ON p.meeting_id = m.id"
      " LEFT JOIN cycle c ON c.id = m.cycle_id"
      " WHERE p.institution_id IS NOT NULL AND m.ends_at <= ? AND ",
      selection.now);
  statement.add(meetings_of(selection)).add(" GROUP BY p.institution_id, m.id");
}

// Cycles that are known to have had the institution among their participants, without anybody's
// registration: those from before registrations were made here.
void add_cycles(Statement& statement, const CoverageSelection& selection) {
  statement.add(
      " UNION ALL SELECT ci.institution_id, MIN(c.topic_id), 0, 0, 0, 0, 1 FROM cycle c"
      " JOIN cycle_institution ci ON ci.cycle_id = c.id AND ci.role IN"
      " ('participant', 'pilot', 'challenge_owner') WHERE c.status = 'published'"
      " AND NOT EXISTS (SELECT 1 FROM meeting mr JOIN registration r ON r.meeting_id = mr.id"
      " WHERE mr.cycle_id = c.id AND r.institution_id = ci.institution_id)"
      " AND EXISTS (SELECT 1 FROM meeting m WHERE m.cycle_id = c.id AND m.ends_at <= ? AND ",
      selection.now);
  statement.add(meetings_of(selection)).add(") GROUP BY ci.institution_id, c.id");
}

}  // namespace

std::vector<CoverageCell> list_coverage(Connection& connection,
                                        const CoverageSelection& selection) {
  Statement statement;
  statement.add(
      "SELECT x.institution, COALESCE(x.topic, 0), CAST(SUM(x.marked + x.presumed) AS SIGNED),"
      " CAST(SUM(x.presumed) AS SIGNED), CAST(SUM(x.took_part) AS SIGNED),"
      " CAST(SUM(x.registered) AS SIGNED), CAST(SUM(x.hosted) AS SIGNED) FROM (");
  add_registrations(statement, selection);
  add_hosts(statement, selection);
  add_cycles(statement, selection);
  statement.add(") x GROUP BY x.institution, COALESCE(x.topic, 0)");
  std::vector<CoverageCell> cells;
  for (const auto row : statement.run(connection))
    cells.push_back(
        {row.id<domain::InstitutionId>(0),
         row.integer(1),
         {row.integer(2), row.integer(3), row.integer(4), row.integer(5), row.integer(6)}});
  return cells;
}

std::vector<domain::InstitutionRef> list_covered_institutions(Connection& connection,
                                                              const std::string& association) {
  Statement statement;
  statement.add(
      "SELECT i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude FROM institution i"
      " WHERE i.active = 1");
  if (!association.empty())
    statement.add(
        " AND EXISTS (SELECT 1 FROM association_membership am JOIN association a"
        " ON a.id = am.association_id WHERE am.institution_id = i.id AND a.code = ?)",
        association);
  statement.add(" ORDER BY i.name, i.id");
  std::vector<domain::InstitutionRef> institutions;
  for (const auto row : statement.run(connection))
    institutions.push_back(read_institution_ref(row, 0));
  return institutions;
}

std::vector<int> list_meeting_years(Connection& connection) {
  std::vector<int> years;
  for (const auto row : connection.query(
           "SELECT DISTINCT YEAR(starts) AS year FROM meeting WHERE status = 'published'"
           " ORDER BY year DESC"))
    years.push_back(row.small_integer(0));
  return years;
}

}  // namespace narada::storage
