#include "sql/role_store.h"

#include <string>

#include "sql/error.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

constexpr std::string_view kEverywhere = "everywhere";
constexpr std::string_view kInstitution = "institution";
constexpr std::string_view kCycle = "cycle";
constexpr std::string_view kMeeting = "meeting";

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

}  // namespace narada::storage
