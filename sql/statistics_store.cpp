#include "sql/statistics_store.h"

#include "sql/stored_enum.h"

namespace narada::storage {

std::vector<domain::OfficeNumbers> count_offices(Connection& connection,
                                                 domain::MeetingId meeting) {
  constexpr std::string_view kSelect =
      "SELECT i.id, i.slug, i.name, i.kind, i.county, n.pending, n.confirmed, n.waitlisted, "
      "n.withdrawn, EXISTS (SELECT 1 FROM registration e JOIN meeting em ON em.id = e.meeting_id "
      "WHERE e.institution_id = i.id AND e.status IN ('confirmed', 'attended', 'absent') "
      "AND em.status <> 'binned' AND em.starts_at < (SELECT m.starts_at FROM meeting m WHERE m.id "
      "= ?)) "
      "FROM (SELECT r.institution_id, SUM(r.status = 'pending') AS pending, "
      "SUM(r.status IN ('confirmed', 'attended', 'absent')) AS confirmed, "
      "SUM(r.status = 'waitlisted') AS waitlisted, "
      "SUM(r.status IN ('cancelled', 'declined')) AS withdrawn "
      "FROM registration r WHERE r.meeting_id = ? GROUP BY r.institution_id) n "
      "LEFT JOIN institution i ON i.id = n.institution_id "
      "ORDER BY i.id IS NULL, n.pending + n.confirmed + n.waitlisted DESC, i.name, i.id";
  std::vector<domain::OfficeNumbers> offices;
  for (const auto row : connection.query(kSelect, {meeting, meeting})) {
    domain::OfficeNumbers office;
    if (!row.is_null(0)) {
      office.id = row.id<domain::InstitutionId>(0);
      office.slug = row.text(1);
      office.name = row.text(2);
      office.kind = stored_enum("institution.kind", row.text(3), domain::find_institution_kind);
      office.county = row.text(4);
    }
    office.pending = row.integer(5);
    office.confirmed = row.integer(6);
    office.waitlisted = row.integer(7);
    office.withdrawn = row.integer(8);
    office.came_before = row.boolean(9);
    offices.push_back(std::move(office));
  }
  return offices;
}

std::vector<domain::AssociationShare> count_association_shares(Connection& connection,
                                                               domain::MeetingId meeting) {
  constexpr std::string_view kSelect =
      "SELECT a.name, COUNT(*), SUM(EXISTS (SELECT 1 FROM registration r "
      "WHERE r.meeting_id = m.id AND r.institution_id = s.institution_id "
      "AND r.status NOT IN ('cancelled', 'declined'))) "
      "FROM meeting m JOIN association_membership s "
      "ON (s.member_from IS NULL OR s.member_from <= m.starts) "
      "AND (s.member_until IS NULL OR s.member_until >= DATE(m.starts)) "
      "JOIN association a ON a.id = s.association_id WHERE m.id = ? "
      "GROUP BY a.id, a.name ORDER BY a.name, a.id";
  std::vector<domain::AssociationShare> shares;
  for (const auto row : connection.query(kSelect, {meeting})) {
    shares.push_back({row.text(0), row.integer(1), row.integer(2)});
  }
  return shares;
}

}  // namespace narada::storage
