#include "sql/practice_way_store.h"

#include "sql/institution_store.h"
#include "sql/practice_store.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

std::optional<domain::Date> find_date(const Rows::Row& row, std::size_t column) {
  if (row.is_null(column)) return std::nullopt;
  return row.date(column);
}

}  // namespace

using domain::AdopterCount;
using domain::PracticeWay;
using domain::StageCount;

std::vector<PracticeWay> list_practice_ways(Connection& connection) {
  constexpr std::string_view kSelect =
      "SELECT p.id, p.slug, p.title, t.id, t.slug, t.name, t.name_en,"
      " (SELECT MIN(DATE(m.starts)) FROM meeting m WHERE m.status = 'published'"
      "  AND (m.cycle_id = p.from_cycle_id OR m.id = p.from_meeting_id)),"
      " DATE(p.published_at),"
      " (SELECT MIN(a.since) FROM adoption a WHERE a.practice_id = p.id AND a.status = 'adopted'),"
      " (SELECT COUNT(*) FROM adoption a WHERE a.practice_id = p.id AND a.status = 'adopted')"
      " FROM practice p LEFT JOIN topic t ON t.id = p.topic_id WHERE p.status = 'published'"
      " ORDER BY p.published_at DESC, p.id DESC";
  std::vector<PracticeWay> ways;
  for (const auto row : connection.query(kSelect)) {
    PracticeWay way;
    way.practice = read_practice_ref(row, 0);
    if (!row.is_null(3))
      way.topic = {row.id<domain::TopicId>(3), row.text(4), row.text(5), row.text(6)};
    way.first_meeting = find_date(row, 7);
    way.published = find_date(row, 8);
    way.first_adopted = find_date(row, 9);
    way.adopters = row.small_integer(10);
    ways.push_back(std::move(way));
  }
  return ways;
}

std::vector<StageCount> count_outcomes_by_stage(Connection& connection) {
  constexpr std::string_view kSelect =
      "SELECT x.stage, COUNT(*) FROM (SELECT (SELECT s.stage FROM outcome_stage s"
      " WHERE s.outcome_id = o.id ORDER BY FIELD(s.stage, 'problem', 'prototype', 'pilot',"
      " 'adopted_act', 'published_practice') DESC LIMIT 1) AS stage FROM outcome o"
      " LEFT JOIN meeting m ON m.id = o.meeting_id LEFT JOIN cycle c ON c.id = o.cycle_id"
      " WHERE m.status = 'published' OR c.status = 'published') x GROUP BY x.stage"
      " ORDER BY FIELD(x.stage, 'problem', 'prototype', 'pilot', 'adopted_act',"
      " 'published_practice')";
  std::vector<StageCount> counts;
  for (const auto row : connection.query(kSelect))
    counts.push_back(
        {stored_enum("outcome_stage.stage", row.find_text(0), domain::find_outcome_stage),
         row.small_integer(1)});
  return counts;
}

std::vector<AdopterCount> count_adopters(Connection& connection) {
  const std::string sql =
      "SELECT CAST(SUM(a.status = 'considering') AS SIGNED), CAST(SUM(a.status = 'adapting') AS "
      "SIGNED),"
      " CAST(SUM(a.status = 'adopted') AS SIGNED), " +
      std::string(kInstitutionRefColumns) +
      " FROM adoption a JOIN practice p ON p.id = a.practice_id AND p.status = 'published'"
      " JOIN institution i ON i.id = a.institution_id WHERE a.status <> 'given_up'"
      " GROUP BY i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude"
      " ORDER BY i.name, i.id";
  std::vector<AdopterCount> counts;
  for (const auto row : connection.query(sql))
    counts.push_back({read_institution_ref(row, 3), row.small_integer(0), row.small_integer(1),
                      row.small_integer(2)});
  return counts;
}

}  // namespace narada::storage
