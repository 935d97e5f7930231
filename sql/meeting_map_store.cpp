#include "sql/meeting_map_store.h"

#include "sql/id_list.h"
#include "sql/institution_store.h"
#include "sql/reach_condition.h"

namespace narada::storage {
namespace {

constexpr std::string_view kByInstitution =
    "SELECT i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude, COUNT(DISTINCT m.id)"
    " FROM meeting m JOIN meeting_place mp ON mp.meeting_id = m.id"
    " JOIN institution i ON i.id = mp.institution_id"
    " WHERE i.latitude IS NOT NULL AND i.longitude IS NOT NULL AND ";
constexpr std::string_view kOfAssociation =
    " AND EXISTS (SELECT 1 FROM meeting_place ap JOIN association_membership am"
    " ON am.institution_id = ap.institution_id JOIN association a ON a.id = am.association_id"
    " WHERE ap.meeting_id = m.id AND a.code = ?)";
constexpr std::string_view kPart =
    "SELECT (SELECT COUNT(DISTINCT mp.meeting_id) FROM meeting_place mp"
    "  JOIN meeting m ON m.id = mp.meeting_id AND m.status = 'published' AND m.ends_at < ?"
    "  WHERE mp.institution_id = ?),"
    " (SELECT COUNT(DISTINCT r.meeting_id) FROM registration r"
    "  JOIN meeting m ON m.id = r.meeting_id AND m.status = 'published' AND m.ends_at < ?"
    "  WHERE r.institution_id = ? AND r.status IN ('confirmed', 'attended'))";
constexpr std::string_view kPositions =
    "SELECT mp.meeting_id, mp.name, COALESCE(mp.latitude, i.latitude),"
    " COALESCE(mp.longitude, i.longitude)"
    " FROM meeting_place mp LEFT JOIN institution i ON i.id = mp.institution_id"
    " WHERE COALESCE(mp.latitude, i.latitude) IS NOT NULL"
    " AND COALESCE(mp.longitude, i.longitude) IS NOT NULL AND mp.meeting_id";
constexpr std::string_view kMembers =
    "SELECT i.latitude, i.longitude FROM association a"
    " JOIN association_membership am ON am.association_id = a.id"
    " JOIN institution i ON i.id = am.institution_id"
    " WHERE a.code = ? AND i.latitude IS NOT NULL AND i.longitude IS NOT NULL";

Condition condition_of(const MeetingMapSelection& selection) {
  Condition condition{"m.status = 'published'", {}};
  const auto add = [&](std::string_view sql, const Parameter& value) {
    condition.sql += sql;
    condition.parameters.push_back(value);
  };
  if (selection.topic) add(" AND m.topic_id = ?", *selection.topic);
  if (selection.form) add(" AND m.form = ?", to_string(*selection.form));
  if (!selection.association.empty()) add(kOfAssociation, selection.association);
  if (selection.year) {
    add(" AND m.starts >= ?", domain::Date{std::chrono::year(*selection.year) / 1 / 1});
    add(" AND m.starts < ?", domain::Date{std::chrono::year(*selection.year + 1) / 1 / 1});
  }
  return condition;
}

}  // namespace

std::vector<domain::CountedInstitution> count_meetings_by_institution(
    Connection& connection, const MeetingMapSelection& selection) {
  const auto condition = condition_of(selection);
  const std::string sql = std::string(kByInstitution) + condition.sql +
                          " GROUP BY i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude"
                          " ORDER BY i.name COLLATE utf8mb4_polish_ci, i.id";
  std::vector<domain::CountedInstitution> counts;
  for (const auto row : connection.query(sql, condition.parameters))
    counts.push_back({read_institution_ref(row, 0), row.integer(kInstitutionRefColumnCount)});
  return counts;
}

std::int64_t count_mapped_meetings(Connection& connection, const MeetingMapSelection& selection) {
  const auto condition = condition_of(selection);
  return connection
      .query("SELECT COUNT(*) FROM meeting m WHERE " + condition.sql, condition.parameters)[0]
      .integer(0);
}

InstitutionPart count_institution_part(Connection& connection, domain::InstitutionId institution,
                                       domain::Instant now) {
  const Rows rows = connection.query(kPart, {now, institution, now, institution});
  return {rows[0].integer(0), rows[0].integer(1)};
}

std::map<domain::MeetingId, std::vector<PlacePosition>> list_meeting_positions(
    Connection& connection, const std::vector<domain::MeetingSummary>& meetings) {
  std::map<domain::MeetingId, std::vector<PlacePosition>> positions;
  if (meetings.empty()) return positions;
  const std::string sql =
      std::string(kPositions) + std::string(kInIdList) + " ORDER BY mp.meeting_id, mp.position";
  for (const auto row : connection.query(sql, {id_list_of(meetings)}))
    positions[row.id<domain::MeetingId>(0)].push_back({row.text(1), {row.real(2), row.real(3)}});
  return positions;
}

std::vector<domain::GeoPoint> list_member_positions(Connection& connection,
                                                    const std::string& association) {
  std::vector<domain::GeoPoint> positions;
  for (const auto row : connection.query(kMembers, {association}))
    positions.push_back({row.real(0), row.real(1)});
  return positions;
}

}  // namespace narada::storage
