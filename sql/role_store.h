#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

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

}  // namespace narada::storage
