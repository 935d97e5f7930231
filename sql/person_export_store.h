#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/connection.h"

namespace narada::storage {

// Rows that are about one person and nobody else, column by column as text: what a copy of
// somebody's data is made of. Secrets, digests and what is sealed are left out.
struct ExportedTable {
  std::string_view name;  // "sessions"
  std::vector<std::string_view> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;
};
// "person" comes first, and is empty for somebody unknown or erased. Instants are UTC in the form
// "2027-01-04T09:00:00Z", wall times have no zone.
std::vector<ExportedTable> list_rows_of_person(Connection& connection, domain::PersonId person);

}  // namespace narada::storage
