#include "sql/role_store.h"

#include <string>

#include "sql/error.h"
#include "sql/live_person.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

constexpr std::string_view kEverywhere = "everywhere";
constexpr std::string_view kInstitution = "institution";
constexpr std::string_view kCycle = "cycle";
constexpr std::string_view kMeeting = "meeting";

constexpr std::string_view kSelectHeld =
    "SELECT pr.id, pr.person_id, pr.role, pr.scope_kind, pr.scope_id,"
    " COALESCE(i.name, c.title, m.title, ''), pr.granted_by, pr.granted_at FROM person_role pr"
    " LEFT JOIN institution i ON pr.scope_kind = 'institution' AND i.id = pr.scope_id"
    " LEFT JOIN cycle c ON pr.scope_kind = 'cycle' AND c.id = pr.scope_id"
    " LEFT JOIN meeting m ON pr.scope_kind = 'meeting' AND m.id = pr.scope_id WHERE ";

domain::HeldRole read_held(const Rows::Row& row) {
  domain::HeldRole held;
  held.id = row.id<domain::RoleGrantId>(0);
  held.person = row.id<domain::PersonId>(1);
  held.grant = {stored_enum("person_role.role", row.text(2), domain::find_role),
                read_scope(row.text(3), row.integer(4))};
  held.scope_name = row.text(5);
  held.granted_by = row.text(6);
  held.granted_at = row.instant(7);
  return held;
}

std::optional<std::string> find_name(Connection& connection, std::string_view sql,
                                     std::int64_t id) {
  const Rows rows = connection.query(sql, {id});
  if (rows.empty()) return std::nullopt;
  return rows[0].text(0);
}

}  // namespace

ScopeColumns columns_of(const domain::RoleScope& scope) {
  if (const auto* institution = std::get_if<domain::InstitutionId>(&scope))
    return {kInstitution, institution->value};
  if (const auto* cycle = std::get_if<domain::CycleId>(&scope)) return {kCycle, cycle->value};
  if (const auto* meeting = std::get_if<domain::MeetingId>(&scope))
    return {kMeeting, meeting->value};
  return {kEverywhere, 0};
}

domain::RoleScope read_scope(std::string_view kind, std::int64_t id) {
  if (kind == kInstitution) return domain::InstitutionId{id};
  if (kind == kCycle) return domain::CycleId{id};
  if (kind == kMeeting) return domain::MeetingId{id};
  if (kind == kEverywhere) return {};
  // Not read as "everywhere": that would be the widest of all.
  throw Error(0, "person_role.scope_kind holds the unknown value \"" + std::string(kind) + "\"");
}

std::vector<domain::RoleGrant> list_grants(Connection& connection, domain::PersonId person) {
  constexpr std::string_view kSelect =
      "SELECT pr.role, pr.scope_kind, pr.scope_id FROM person_role pr "
      "JOIN person p ON p.id = pr.person_id AND p.erased_at IS NULL "
      "WHERE pr.person_id = ? ORDER BY pr.id";
  std::vector<domain::RoleGrant> grants;
  for (const auto row : connection.query(kSelect, {person})) {
    grants.push_back({stored_enum("person_role.role", row.text(0), domain::find_role),
                      read_scope(row.text(1), row.integer(2))});
  }
  return grants;
}

std::vector<domain::HeldRole> list_held_roles(Connection& connection, domain::PersonId person) {
  const std::string sql = std::string(kSelectHeld) + "pr.person_id = ? ORDER BY pr.id";
  std::vector<domain::HeldRole> roles;
  for (const auto row : connection.query(sql, {person})) roles.push_back(read_held(row));
  return roles;
}

std::optional<domain::HeldRole> find_held_role(Connection& connection, domain::RoleGrantId id) {
  const Rows rows = connection.query(std::string(kSelectHeld) + "pr.id = ?", {id});
  if (rows.empty()) return std::nullopt;
  return read_held(rows[0]);
}

std::optional<std::string> find_scope_name(Connection& connection, const domain::RoleScope& scope) {
  // In share mode: whoever merges the institution meanwhile finds the role and moves it too.
  constexpr std::string_view kOfInstitution =
      "SELECT name FROM institution WHERE id = ? AND active = 1 LOCK IN SHARE MODE";
  constexpr std::string_view kOfCycle = "SELECT title FROM cycle WHERE id = ?";
  constexpr std::string_view kOfMeeting = "SELECT title FROM meeting WHERE id = ?";
  if (const auto* institution = std::get_if<domain::InstitutionId>(&scope))
    return find_name(connection, kOfInstitution, institution->value);
  if (const auto* cycle = std::get_if<domain::CycleId>(&scope))
    return find_name(connection, kOfCycle, cycle->value);
  if (const auto* meeting = std::get_if<domain::MeetingId>(&scope))
    return find_name(connection, kOfMeeting, meeting->value);
  return std::string();
}

std::optional<domain::RoleGrantId> save_grant(Connection& connection, domain::PersonId person,
                                              const domain::RoleGrant& grant,
                                              std::string_view granted_by, domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO person_role (person_id, role, scope_kind, scope_id, granted_by, granted_at)"
      " VALUES (?, ?, ?, ?, ?, ?) RETURNING id";
  const ScopeColumns scope = columns_of(grant.scope);
  require_live_person(connection, person);
  try {
    return domain::RoleGrantId{connection.insert(
        kInsert, {person, domain::to_string(grant.role), scope.kind, scope.id, granted_by, now})};
  } catch (const Duplicate&) {
    return std::nullopt;
  }
}

bool remove_grant(Connection& connection, domain::RoleGrantId id) {
  constexpr std::string_view kDelete = "DELETE FROM person_role WHERE id = ?";
  return connection.execute(kDelete, {id}) > 0;
}

bool is_last_admin(Connection& connection, domain::PersonId person) {
  // Two statements: the second one sees what was committed while the first one waited. The people
  // themselves are not locked, because registrations hold on to them.
  constexpr std::string_view kLock =
      "SELECT person_id FROM person_role WHERE role = 'admin' AND scope_kind = 'everywhere'"
      " AND scope_id = 0 ORDER BY id FOR UPDATE";
  constexpr std::string_view kSelect =
      "SELECT p.id FROM person_role pr JOIN person p ON p.id = pr.person_id"
      " WHERE pr.role = 'admin' AND pr.scope_kind = 'everywhere' AND pr.scope_id = 0"
      " AND p.erased_at IS NULL";
  connection.query(kLock);
  const Rows admins = connection.query(kSelect);
  return admins.size() == 1 && admins[0].id<domain::PersonId>(0) == person;
}

}  // namespace narada::storage
