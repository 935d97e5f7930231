#include "sql/invitee_candidate_store.h"

#include "sql/id_list.h"
#include "sql/like_pattern.h"
#include "sql/reach_condition.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

constexpr int kMost = 5000;  // people of one source

// What stands in the SELECT of an institution i, from `column` on.
constexpr std::string_view kInstitution = "i.id, i.slug, i.teryt, i.name, i.kind";

std::optional<domain::InstitutionRef> read_institution(const Rows::Row& row, std::size_t column) {
  if (row.is_null(column)) return std::nullopt;
  domain::InstitutionRef institution;
  institution.id = row.id<domain::InstitutionId>(column);
  institution.slug = row.text(column + 1);
  institution.teryt = row.find_text(column + 2);
  institution.name = row.text(column + 3);
  institution.kind =
      stored_enum("institution.kind", row.text(column + 4), domain::find_institution_kind);
  return institution;
}

std::string select_people(std::string_view institution) {
  return "SELECT DISTINCT p.id, p.full_name, p.email, p.position, p.language, " +
         std::string(kInstitution) +
         " FROM person p LEFT JOIN institution i ON i.id = " + std::string(institution);
}

std::vector<KnownInvitee> read_people(const Rows& rows) {
  std::vector<KnownInvitee> people;
  for (const auto row : rows) {
    KnownInvitee person;
    person.person = row.id<domain::PersonId>(0);
    person.full_name = row.text(1);
    person.email = row.text(2);
    person.job_title = row.text(3);
    person.language = domain::language_or_polish(row.text(4));
    person.institution = read_institution(row, 5);
    people.push_back(std::move(person));
  }
  return people;
}

std::vector<domain::InstitutionRef> read_institutions(const Rows& rows) {
  std::vector<domain::InstitutionRef> institutions;
  for (const auto row : rows)
    if (auto institution = read_institution(row, 0)) institutions.push_back(*institution);
  return institutions;
}

// That person p has taken part in something within reach.
Condition known_within(const domain::Reach& reach) {
  if (reach.all) return {" AND TRUE", {}};
  auto condition = meeting_within(reach);
  condition.sql =
      " AND EXISTS (SELECT 1 FROM registration x JOIN meeting m ON m.id = x.meeting_id WHERE "
      "x.person_id = p.id AND " +
      condition.sql + ")";
  return condition;
}

// Checked addresses hold neither quotation marks nor backslashes.
std::string list_of_texts(const std::vector<std::string>& texts) {
  std::string list = "[";
  for (const auto& text : texts) {
    if (list.size() > 1) list += ',';
    list += '"' + text + '"';
  }
  return list + ']';
}

std::vector<Parameter> joined(std::vector<Parameter> first, const Condition& condition) {
  first.insert(first.end(), condition.parameters.begin(), condition.parameters.end());
  return first;
}

}  // namespace

std::vector<KnownInvitee> find_known_invitees(Connection& connection,
                                              const std::vector<std::string>& email_keys,
                                              const domain::Reach& reach) {
  const auto known = known_within(reach);
  const std::string sql =
      select_people("p.institution_id") +
      " JOIN JSON_TABLE(?, '$[*]' COLUMNS (k VARCHAR(254) PATH '$')) j "
      "ON p.email_key = CONVERT(j.k USING utf8mb4) COLLATE utf8mb4_bin WHERE p.erased_at IS NULL" +
      known.sql + " ORDER BY p.id LIMIT ?";
  auto parameters = joined({list_of_texts(email_keys)}, known);
  parameters.emplace_back(kMost);
  return read_people(connection.query(sql, parameters));
}

std::vector<KnownInvitee> list_people_of(Connection& connection, domain::InstitutionId institution,
                                         const domain::Reach& reach) {
  const auto known = known_within(reach);
  const std::string sql = select_people("p.institution_id") +
                          " WHERE p.institution_id = ? AND p.erased_at IS NULL AND p.email <> ''" +
                          known.sql + " ORDER BY p.full_name, p.id LIMIT ?";
  auto parameters = joined({institution}, known);
  parameters.emplace_back(kMost);
  return read_people(connection.query(sql, parameters));
}

std::vector<KnownInvitee> list_coordinators_of(
    Connection& connection, const std::vector<domain::InstitutionId>& institutions) {
  const std::string sql =
      "SELECT DISTINCT p.id, p.full_name, p.email, p.position, p.language, " +
      std::string(kInstitution) +
      " FROM person_role pr JOIN person p ON p.id = pr.person_id JOIN institution i ON i.id = "
      "pr.scope_id WHERE pr.role = 'coordinator' AND pr.scope_kind = 'institution' AND "
      "p.erased_at IS NULL AND pr.scope_id" +
      std::string(kInIdList) + " ORDER BY i.name, p.full_name, p.id LIMIT ?";
  return read_people(connection.query(sql, {list_of_ids(institutions), kMost}));
}

std::vector<KnownInvitee> list_participants_of(Connection& connection,
                                               const domain::InviteeScope& earlier,
                                               bool attended_only) {
  const auto* meeting = std::get_if<domain::MeetingId>(&earlier);
  const std::string states =
      attended_only ? "r.status = 'attended'"
                    : "r.status IN ('pending', 'confirmed', 'waitlisted', 'attended', 'absent')";
  std::string sql =
      "SELECT p.id, p.full_name, p.email, MAX(r.position), p.language, i.id, i.slug, i.teryt, "
      "i.name, i.kind FROM registration r JOIN meeting m ON m.id = r.meeting_id JOIN person p ON "
      "p.id = r.person_id LEFT JOIN institution i ON i.id = COALESCE(p.institution_id, "
      "r.institution_id) WHERE " +
      std::string(meeting ? "m.id = ?" : "m.cycle_id = ?") + " AND p.erased_at IS NULL AND " +
      states +
      " GROUP BY p.id, p.full_name, p.email, p.language, i.id, i.slug, i.teryt, i.name, i.kind "
      "ORDER BY i.name, p.full_name, p.id LIMIT ?";
  const auto id = std::visit([](auto one) { return one.value; }, earlier);
  return read_people(connection.query(sql, {id, kMost}));
}

std::vector<domain::InstitutionRef> list_institutions_of(Connection& connection,
                                                         const domain::InviteeScope& scope) {
  const auto* meeting = std::get_if<domain::MeetingId>(&scope);
  const std::string sql =
      "SELECT " + std::string(kInstitution) +
      " FROM cycle_institution ci JOIN institution i ON i.id = ci.institution_id WHERE "
      "ci.cycle_id = " +
      (meeting ? "(SELECT cycle_id FROM meeting WHERE id = ?)" : "?") +
      " AND i.active = 1 GROUP BY i.id, i.slug, i.teryt, i.name, i.kind ORDER BY MIN(ci.position), "
      "i.name";
  const auto id = std::visit([](auto one) { return one.value; }, scope);
  return read_institutions(connection.query(sql, {id}));
}

std::vector<domain::InstitutionRef> list_members_of(Connection& connection,
                                                    std::string_view association,
                                                    domain::Instant now) {
  const std::string sql =
      "SELECT " + std::string(kInstitution) +
      " FROM association a JOIN association_membership am ON am.association_id = a.id JOIN "
      "institution i ON i.id = am.institution_id WHERE a.code = ? AND i.active = 1 AND "
      "(am.member_from IS NULL OR am.member_from <= ?) AND (am.member_until IS NULL OR "
      "am.member_until >= ?) ORDER BY i.name";
  const domain::Date today(std::chrono::floor<std::chrono::days>(now));
  return read_institutions(connection.query(sql, {association, today, today}));
}

std::vector<Edition> list_editions(Connection& connection, const domain::Reach& reach, int limit) {
  const auto cycles = cycle_within(reach);
  const auto meetings = meeting_within(reach);
  const std::string sql =
      "SELECT 1, c.id, c.title, MIN(m.starts) FROM cycle c JOIN meeting m ON m.cycle_id = c.id "
      "WHERE c.status IN ('published', 'cancelled') AND " +
      cycles.sql +
      " GROUP BY c.id, c.title UNION ALL SELECT 0, m.id, m.title, m.starts FROM meeting m "
      "WHERE m.status IN ('published', 'cancelled') AND " +
      meetings.sql + " ORDER BY 4 DESC, 2 DESC LIMIT ?";
  auto parameters = joined(cycles.parameters, meetings);
  parameters.emplace_back(limit);
  std::vector<Edition> editions;
  const Rows rows = connection.query(sql, parameters);
  for (const auto row : rows) {
    Edition edition{row.id<domain::MeetingId>(1), row.text(2), row.wall_time(3)};
    if (row.boolean(0)) edition.scope = row.id<domain::CycleId>(1);
    editions.push_back(std::move(edition));
  }
  return editions;
}

std::vector<PresentAddress> list_present_addresses(Connection& connection,
                                                   const domain::InviteeScope& scope) {
  constexpr std::string_view kOfMeeting =
      "SELECT p.email_key, p.full_name FROM registration r JOIN person p ON p.id = r.person_id "
      "WHERE r.meeting_id = ? AND r.status NOT IN ('cancelled', 'declined') AND p.erased_at IS "
      "NULL";
  constexpr std::string_view kOfCycle =
      "SELECT p.email_key, p.full_name FROM enrolment e JOIN person p ON p.id = e.person_id "
      "WHERE e.cycle_id = ? AND e.status = 'active' AND p.erased_at IS NULL";
  const auto* meeting = std::get_if<domain::MeetingId>(&scope);
  const auto id = std::visit([](auto one) { return one.value; }, scope);
  std::vector<PresentAddress> present;
  const Rows rows = connection.query(meeting ? kOfMeeting : kOfCycle, {id});
  for (const auto row : rows) present.push_back({row.text(0), row.text(1)});
  return present;
}

std::optional<domain::InstitutionRef> find_institution_of_domain(Connection& connection,
                                                                 std::string_view domain,
                                                                 const domain::Reach& reach) {
  const auto known = known_within(reach);
  const std::string sql =
      "SELECT " + std::string(kInstitution) +
      ", COUNT(DISTINCT p.id) FROM person p LEFT JOIN institution i ON i.id = p.institution_id "
      "WHERE p.email_key LIKE ? AND p.erased_at IS NULL" +
      known.sql + " GROUP BY i.id, i.slug, i.teryt, i.name, i.kind LIMIT 2";
  std::string ending = like_anywhere("@" + std::string(domain));
  ending.pop_back();
  const Rows rows = connection.query(sql, joined({ending}, known));
  constexpr std::int64_t kEnough = 2;
  if (rows.size() != 1 || rows[0].integer(5) < kEnough) return std::nullopt;
  return read_institution(rows[0], 0);
}

}  // namespace narada::storage
