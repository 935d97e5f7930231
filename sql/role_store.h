#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/people.h"
#include "service/domain/permissions.h"
#include "sql/connection.h"

namespace narada::storage {

// A scope as its two columns hold it: "everywhere" with 0, or "institution", "cycle", "meeting"
// with the id of that row.
struct ScopeColumns {
  std::string_view kind;
  std::int64_t id = 0;
};
ScopeColumns columns_of(const domain::RoleScope& scope);
// Throws Error for a kind that no scope has.
domain::RoleScope read_scope(std::string_view kind, std::int64_t id);

// The roles of a person at this moment, the oldest first; none of somebody unknown or erased.
std::vector<domain::RoleGrant> list_grants(Connection& connection, domain::PersonId person);
// The same with what the panel shows of them.
std::vector<domain::HeldRole> list_held_roles(Connection& connection, domain::PersonId person);
std::optional<domain::HeldRole> find_held_role(Connection& connection, domain::RoleGrantId id);

// The name of what a scope is about, empty for everywhere; absent when it is not there or is an
// institution out of use. An institution stays as it is until the transaction ends.
std::optional<std::string> find_scope_name(Connection& connection, const domain::RoleScope& scope);

// The row's id; absent when the person holds just this already.
std::optional<domain::RoleGrantId> save_grant(Connection& connection, domain::PersonId person,
                                              const domain::RoleGrant& grant,
                                              std::string_view granted_by, domain::Instant now);
// False when it is gone already.
bool remove_grant(Connection& connection, domain::RoleGrantId id);

// Whether nobody but this person is an admin. Call it before the role or the person is taken away,
// in the same transaction: the admins' rows stay locked until its end, so that of two who remove
// each other one waits and then finds the other gone.
bool is_last_admin(Connection& connection, domain::PersonId person);

}  // namespace narada::storage
