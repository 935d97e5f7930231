#include "sql/delegation_store.h"

#include "sql/error.h"
#include "sql/id_list.h"
#include "sql/institution_store.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

constexpr std::string_view kDelegation =
    "SELECT d.id, d.meeting_id, d.mode, d.places, d.version, "
    "(SELECT COUNT(*) FROM registration r WHERE r.delegation_id = d.id "
    "AND r.status IN ('pending', 'confirmed', 'attended', 'absent')), "
    "(SELECT COUNT(*) FROM delegation_reserve v WHERE v.delegation_id = d.id), "
    "i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude "
    "FROM delegation d JOIN institution i ON i.id = d.institution_id WHERE d.meeting_id = ? ";

StoredDelegation read_delegation(const Rows::Row& row) {
  StoredDelegation delegation;
  delegation.id = row.id<domain::DelegationId>(0);
  delegation.meeting = row.id<domain::MeetingId>(1);
  delegation.mode = stored_enum("delegation.mode", row.text(2), domain::find_attendance_mode);
  delegation.places = row.small_integer(3);
  delegation.version = row.integer(4);
  delegation.named = row.small_integer(5);
  delegation.reserve = row.small_integer(6);
  delegation.institution = read_institution_ref(row, 7);
  return delegation;
}

DelegationMeeting read_meeting(const Rows::Row& row) {
  DelegationMeeting meeting;
  meeting.meeting = row.id<domain::MeetingId>(0);
  meeting.slug = row.text(1);
  meeting.title = row.text(2);
  meeting.cycle = row.text_or_empty(3);
  meeting.starts = row.wall_time(4);
  meeting.places = row.small_integer(5);
  meeting.named = row.small_integer(6);
  meeting.people = row.small_integer(7);
  meeting.reserve = row.small_integer(8);
  meeting.institution = read_institution_ref(row, 9);
  return meeting;
}

// Who it is about, in the columns 1 to 3 of both lists.
template <typename Named>
void read_named(const Rows::Row& row, Named& one) {
  one.person = row.id<domain::PersonId>(1);
  one.full_name = row.text(2);
  one.email = row.text(3);
}

Delegate read_delegate(const Rows::Row& row) {
  Delegate one;
  one.id = row.id<domain::RegistrationId>(0);
  read_named(row, one);
  one.position = row.text(4);
  one.status = stored_enum("registration.status", row.text(5), domain::find_registration_status);
  one.mode = stored_enum("registration.mode", row.text(6), domain::find_attendance_mode);
  one.of_delegation = row.boolean(7);
  one.instead_of = row.text(8);
  one.superior_email = row.text(9);
  one.consent = row.text(10);
  return one;
}

StoredReserve read_reserve(const Rows::Row& row) {
  StoredReserve one;
  one.delegation = row.id<domain::DelegationId>(0);
  read_named(row, one);
  one.job_title = row.text(4);
  one.mode = stored_enum("delegation.mode", row.text(5), domain::find_attendance_mode);
  one.position = row.small_integer(6);
  return one;
}

}  // namespace

std::vector<StoredDelegation> list_delegations(Connection& connection, domain::MeetingId meeting,
                                               std::optional<domain::InstitutionId> institution) {
  std::string sql(kDelegation);
  std::vector<Parameter> parameters{meeting};
  if (institution) {
    sql += "AND d.institution_id = ? ";
    parameters.emplace_back(*institution);
  }
  sql += "ORDER BY i.name, i.id, d.mode DESC";  // onsite first
  std::vector<StoredDelegation> delegations;
  const Rows rows = connection.query(sql, parameters);
  for (const auto row : rows) delegations.push_back(read_delegation(row));
  return delegations;
}

StoredDelegation require_delegation(Connection& connection, domain::MeetingId meeting,
                                    const domain::InstitutionRef& institution,
                                    domain::AttendanceMode mode, const std::string& created_by,
                                    domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO delegation (meeting_id, institution_id, mode, places, created_by, created_at, "
      "updated_at) VALUES (?, ?, ?, 0, ?, ?, ?) RETURNING id";
  for (const auto& known : list_delegations(connection, meeting, institution.id)) {
    if (known.mode == mode) return known;
  }
  StoredDelegation made;
  made.meeting = meeting;
  made.institution = institution;
  made.mode = mode;
  made.id = domain::DelegationId{connection.insert(
      kInsert, {meeting, institution.id, domain::to_string(mode), created_by, now, now})};
  return made;
}

void save_places(Connection& connection, domain::DelegationId delegation, int places,
                 domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE delegation SET places = ?, version = version + 1, updated_at = ? WHERE id = ?";
  connection.execute(kUpdate, {places, now, delegation});
}

void take_place_away(Connection& connection, domain::DelegationId delegation, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE delegation SET places = GREATEST(places - 1, 0), version = version + 1, "
      "updated_at = ? WHERE id = ?";
  connection.execute(kUpdate, {now, delegation});
}

std::vector<Delegate> list_delegates(Connection& connection, domain::MeetingId meeting,
                                     domain::InstitutionId institution) {
  constexpr std::string_view kSelect =
      "SELECT r.id, p.id, p.full_name, p.email, r.position, r.status, r.mode, "
      "r.delegation_id IS NOT NULL, COALESCE(q.full_name, ''), COALESCE(s.superior_email, ''), "
      "COALESCE(s.answer, '') "
      "FROM registration r JOIN person p ON p.id = r.person_id "
      "LEFT JOIN registration o ON o.id = r.replaces LEFT JOIN person q ON q.id = o.person_id "
      "LEFT JOIN superior_consent s ON s.registration_id = r.id "
      "WHERE r.meeting_id = ? AND r.institution_id = ? AND p.erased_at IS NULL "
      "AND (r.status IN ('pending', 'confirmed', 'waitlisted', 'attended', 'absent') "
      "OR (r.status = 'cancelled' AND s.answer = 'refused')) ORDER BY p.full_name, r.id";
  std::vector<Delegate> delegates;
  const Rows rows = connection.query(kSelect, {meeting, institution});
  for (const auto row : rows) delegates.push_back(read_delegate(row));
  return delegates;
}

std::vector<KnownIdentity> list_identities(Connection& connection, domain::MeetingId meeting) {
  constexpr std::string_view kSelect =
      "SELECT p.email_key, p.name_key, r.status = 'declined' FROM registration r "
      "JOIN person p ON p.id = r.person_id WHERE r.meeting_id = ? AND r.status <> 'cancelled' "
      "AND p.erased_at IS NULL";
  std::vector<KnownIdentity> identities;
  const Rows rows = connection.query(kSelect, {meeting});
  for (const auto row : rows) identities.push_back({row.text(0), row.text(1), row.boolean(2)});
  return identities;
}

std::vector<StoredReserve> list_reserves(Connection& connection, domain::MeetingId meeting,
                                         domain::InstitutionId institution) {
  constexpr std::string_view kSelect =
      "SELECT v.delegation_id, p.id, p.full_name, p.email, v.job_title, d.mode, v.position "
      "FROM delegation d JOIN delegation_reserve v ON v.delegation_id = d.id "
      "JOIN person p ON p.id = v.person_id WHERE d.meeting_id = ? AND d.institution_id = ? "
      "AND p.erased_at IS NULL ORDER BY d.mode DESC, v.position, p.id";
  std::vector<StoredReserve> reserves;
  const Rows rows = connection.query(kSelect, {meeting, institution});
  for (const auto row : rows) reserves.push_back(read_reserve(row));
  return reserves;
}

void add_reserve(Connection& connection, domain::DelegationId delegation, domain::PersonId person,
                 const std::string& job_title) {
  constexpr std::string_view kInsert =
      "INSERT INTO delegation_reserve (delegation_id, person_id, position, job_title) "
      "SELECT ?, p.id, (SELECT COALESCE(MAX(v.position), 0) + 1 FROM delegation_reserve v "
      "WHERE v.delegation_id = ?), ? FROM person p WHERE p.id = ? AND p.erased_at IS NULL "
      "ON DUPLICATE KEY UPDATE job_title = VALUES(job_title)";
  connection.execute(kInsert, {delegation, delegation, job_title, person});
}

bool remove_reserve(Connection& connection, domain::DelegationId delegation,
                    domain::PersonId person) {
  constexpr std::string_view kDelete =
      "DELETE FROM delegation_reserve WHERE delegation_id = ? AND person_id = ?";
  return connection.execute(kDelete, {delegation, person}) == 1;
}

void save_replaced(Connection& connection, domain::RegistrationId registration,
                   domain::RegistrationId replaced) {
  connection.execute("UPDATE registration SET replaces = ? WHERE id = ?", {replaced, registration});
}

std::vector<DelegationMeeting> list_delegation_meetings(
    Connection& connection, const std::vector<domain::InstitutionId>& institutions,
    domain::Instant now, int limit) {
  constexpr std::string_view kSelect =
      "SELECT x.* FROM (SELECT m.id AS meeting, m.slug AS meeting_slug, m.title, c.title AS cycle, "
      "m.starts, "
      "(SELECT COALESCE(SUM(d.places), 0) FROM delegation d WHERE d.meeting_id = m.id "
      " AND d.institution_id = i.id) AS places, "
      "(SELECT COUNT(*) FROM registration r JOIN delegation d ON d.id = r.delegation_id "
      " WHERE d.meeting_id = m.id AND d.institution_id = i.id "
      " AND r.status IN ('pending', 'confirmed')) AS named, "
      "(SELECT COUNT(*) FROM registration r WHERE r.meeting_id = m.id AND r.institution_id = i.id "
      " AND r.status IN ('pending', 'confirmed', 'waitlisted')) AS people, "
      "(SELECT COUNT(*) FROM delegation d JOIN delegation_reserve v ON v.delegation_id = d.id "
      " WHERE d.meeting_id = m.id AND d.institution_id = i.id) AS reserve, "
      "i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude, "
      "m.registration_closes_at AS closes, m.starts_at "
      "FROM meeting m JOIN institution i LEFT JOIN cycle c ON c.id = m.cycle_id "
      "AND c.status <> 'draft' "
      "WHERE m.status = 'published' AND m.starts_at > ? AND i.id";
  constexpr std::string_view kOrder =
      ") x WHERE x.closes IS NULL OR x.closes > ? OR x.people > 0 OR x.places > 0 "
      "ORDER BY x.starts_at, x.meeting, x.name LIMIT ?";
  if (institutions.empty()) return {};
  const std::string sql = std::string(kSelect) + std::string(kInIdList) + std::string(kOrder);
  std::vector<DelegationMeeting> meetings;
  const Rows rows = connection.query(sql, {now, list_of_ids(institutions), now, limit});
  for (const auto row : rows) meetings.push_back(read_meeting(row));
  return meetings;
}

bool wants_consent(Connection& connection, domain::InstitutionId institution) {
  const Rows rows =
      connection.query("SELECT wants_consent FROM institution WHERE id = ?", {institution});
  return !rows.empty() && rows[0].boolean(0);
}

bool save_wants_consent(Connection& connection, domain::InstitutionId institution, bool wants,
                        domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE institution SET wants_consent = ?, version = version + 1, updated_at = ? "
      "WHERE id = ? AND wants_consent <> ?";
  return connection.execute(kUpdate, {wants, now, institution, wants}) == 1;
}

}  // namespace narada::storage
