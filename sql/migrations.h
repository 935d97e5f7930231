#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/pool.h"

namespace narada::storage {

// A numbered, append-only file of sql/migrations/ ("0001_foundation.sql"), compiled into the
// program.
struct Migration {
  int version = 0;
  std::string name;
  std::string text;
};
const std::vector<Migration>& all_migrations();

// The single statements of a migration file, comments left out (one execute per statement).
std::vector<std::string> split_statements(std::string_view text);

// Brings the database to the newest version under a row lease, so that several processes may start
// at once. Throws storage::Error with a clear message when the database is newer than the program
// or when a file that was applied has changed since. Returns the number of migrations applied.
int migrate(Pool& pool);
// The same for a list of one's own, in ascending order of version.
int migrate(Pool& pool, const std::vector<Migration>& migrations);

// Newest version applied; 0 for an empty database.
int schema_version(Pool& pool);

}  // namespace narada::storage
