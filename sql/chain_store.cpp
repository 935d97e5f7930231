#include "sql/chain_store.h"

#include <map>

#include "sql/id_list.h"
#include "sql/institution_store.h"
#include "sql/practice_store.h"
#include "sql/row_key.h"

namespace narada::storage {
namespace {

using domain::CycleId;
using domain::MeetingId;
using domain::PracticeId;

std::string institution_columns(std::string_view first) {
  return "SELECT " + std::string(first) + ", " + std::string(kInstitutionRefColumns);
}

void add_institutions(Connection& connection, std::vector<ChainedPractice>& practices) {
  if (practices.empty()) return;
  std::map<PracticeId, ChainedPractice*> by_id;
  for (auto& practice : practices) by_id[practice.id] = &practice;
  const std::string sql = institution_columns("pi.practice_id") +
                          " FROM practice_institution pi JOIN institution i"
                          " ON i.id = pi.institution_id WHERE pi.practice_id" +
                          std::string(kInIdList) + " ORDER BY pi.practice_id, pi.position";
  for (const auto row : connection.query(sql, {id_list_of(practices)}))
    by_id.at(row.id<PracticeId>(0))->institutions.push_back(read_institution_ref(row, 1));
}

std::vector<ChainedPractice> read_practices(Connection& connection, std::string_view where,
                                            const std::vector<Parameter>& parameters) {
  const std::string sql =
      "SELECT p.id, p.slug, p.title, p.published_at FROM practice p"
      " WHERE p.status = 'published' AND " +
      std::string(where) + " ORDER BY p.published_at, p.id";
  std::vector<ChainedPractice> practices;
  for (const auto row : connection.query(sql, parameters))
    practices.push_back({row.id<PracticeId>(0),
                         row.text(1),
                         row.text(2),
                         row.find_instant(3).value_or(domain::Instant{}),
                         {}});
  add_institutions(connection, practices);
  return practices;
}

}  // namespace

std::optional<PracticeOrigin> find_practice_origin(Connection& connection, std::string_view key) {
  // By the description itself; else by the first outcome that became it.
  constexpr std::string_view kSelect =
      "SELECT p.id, c.id, m.id FROM practice p"
      " LEFT JOIN outcome o ON o.id = (SELECT MIN(x.id) FROM outcome x WHERE x.practice_id = p.id)"
      " LEFT JOIN meeting m ON m.id = COALESCE(p.from_meeting_id, o.meeting_id)"
      " AND m.status = 'published'"
      " LEFT JOIN cycle c ON c.id = COALESCE(p.from_cycle_id, o.cycle_id, m.cycle_id)"
      " AND c.status = 'published' WHERE p.status = 'published' AND ";
  const auto id = find_row_id(key);
  const std::string sql = std::string(kSelect) + (id ? "p.id = ?" : "p.slug = ?");
  const Rows rows = id ? connection.query(sql, {*id}) : connection.query(sql, {key});
  if (rows.empty()) return std::nullopt;
  return PracticeOrigin{rows[0].id<PracticeId>(0), rows[0].find_id<CycleId>(1),
                        rows[0].find_id<MeetingId>(2)};
}

std::optional<OriginCycle> find_origin_cycle(Connection& connection, CycleId id) {
  const Rows rows = connection.query(
      "SELECT slug, title, challenge FROM cycle WHERE id = ? AND status = 'published'", {id});
  if (rows.empty()) return std::nullopt;
  OriginCycle cycle{rows[0].text(0), rows[0].text(1), rows[0].text(2), {}};
  const std::string owners = institution_columns("ci.position") +
                             " FROM cycle_institution ci JOIN institution i"
                             " ON i.id = ci.institution_id WHERE ci.cycle_id = ?"
                             " AND ci.role = 'challenge_owner' ORDER BY ci.position, i.id";
  for (const auto row : connection.query(owners, {id}))
    cycle.owners.push_back(read_institution_ref(row, 1));
  return cycle;
}

std::vector<ChainMeeting> list_chain_meetings(Connection& connection,
                                              const std::optional<CycleId>& cycle,
                                              const std::vector<PracticeId>& practices) {
  const std::string in_practices =
      "(SELECT pi.meeting_id FROM program_item pi JOIN program_item_practice pp"
      " ON pp.program_item_id = pi.id WHERE pp.practice_id" +
      std::string(kInIdList) + " UNION SELECT p.from_meeting_id FROM practice p WHERE p.id" +
      std::string(kInIdList) + " AND p.from_meeting_id IS NOT NULL)";
  const std::string sql =
      "SELECT m.id, m.slug, m.title, m.starts, m.time_precision = 'month', m.session_number,"
      " x.meeting_id IS NOT NULL FROM meeting m LEFT JOIN " +
      in_practices +
      " x ON x.meeting_id = m.id WHERE m.status = 'published'"
      " AND (m.cycle_id = ? OR x.meeting_id IS NOT NULL) ORDER BY m.starts, m.id";
  const std::string ids = list_of_ids(practices);
  std::vector<ChainMeeting> meetings;
  for (const auto row : connection.query(sql, {ids, ids, cycle})) {
    ChainMeeting meeting{row.id<MeetingId>(0), row.text(1), row.text(2),   row.wall_time(3),
                         row.boolean(4),       {},          row.boolean(6)};
    if (!row.is_null(5)) meeting.session_number = row.small_integer(5);
    meetings.push_back(std::move(meeting));
  }
  return meetings;
}

std::vector<ChainedPractice> list_practices_from(Connection& connection, CycleId cycle) {
  constexpr std::string_view kWhere =
      "(p.from_cycle_id = ? OR p.from_meeting_id IN (SELECT m.id FROM meeting m"
      " WHERE m.cycle_id = ? AND m.status = 'published') OR p.id IN (SELECT o.practice_id"
      " FROM outcome o LEFT JOIN meeting n ON n.id = o.meeting_id"
      " WHERE o.practice_id IS NOT NULL AND (o.cycle_id = ? OR (n.cycle_id = ?"
      " AND n.status = 'published'))))";
  return read_practices(connection, kWhere, {cycle, cycle, cycle, cycle});
}

std::optional<ChainedPractice> find_chained_practice(Connection& connection, PracticeId practice) {
  auto found = read_practices(connection, "p.id = ?", {practice});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<domain::InstitutionRef> list_institutions_that_came(Connection& connection,
                                                                CycleId cycle) {
  const std::string sql = "SELECT DISTINCT " + std::string(kInstitutionRefColumns) +
                          " FROM meeting m JOIN registration r ON r.meeting_id = m.id"
                          " AND r.status IN ('confirmed', 'attended')"
                          " JOIN institution i ON i.id = r.institution_id"
                          " WHERE m.cycle_id = ? AND m.status = 'published' ORDER BY i.name, i.id";
  std::vector<domain::InstitutionRef> institutions;
  for (const auto row : connection.query(sql, {cycle}))
    institutions.push_back(read_institution_ref(row, 0));
  return institutions;
}

std::vector<domain::PracticeRef> list_practices_drafted(Connection& connection, CycleId cycle) {
  std::vector<domain::PracticeRef> practices;
  for (const auto row : connection.query(
           "SELECT id, slug, title FROM practice WHERE from_cycle_id = ? ORDER BY id", {cycle}))
    practices.push_back(read_practice_ref(row, 0));
  return practices;
}

void save_practice_origin(Connection& connection, PracticeId practice, CycleId cycle) {
  connection.execute("UPDATE practice SET from_cycle_id = ? WHERE id = ?", {cycle, practice});
}

}  // namespace narada::storage
