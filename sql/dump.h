#pragma once

#include <filesystem>
#include <string>

#include "sql/connection.h"
#include "sql/pool.h"

// The whole database as statements, by the programs of MariaDB: mariadb-dump and mariadb.
namespace narada::storage {

// Writes what the database holds at one moment, but for tasks under way, to `file`, a descriptor;
// others go on writing meanwhile. `scratch` is a directory for a file with the password, which
// nobody else can read and which does not outlive the call. Throws storage::Error with the
// program's own line, also when the program is not installed.
void dump_database(const DatabaseAddress& address, int file, const std::filesystem::path& scratch);
// Runs the statements in `file` from its beginning. The database may be half written when it
// throws.
void load_dump(const DatabaseAddress& address, int file, const std::filesystem::path& scratch);

// Whether it holds more than migrations write: people, institutions, meetings or activity.
bool is_database_used(Pool& pool);
void drop_all_tables(Pool& pool);
// What the old installation may have done since the dump is not done once more: mail waits until
// somebody in the panel lets it go, and half-brought files, which are no part of a dump, are gone.
void settle_restored_database(Pool& pool, domain::Instant now);

}  // namespace narada::storage
