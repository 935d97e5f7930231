#include "sql/migrations.h"

#include <fmt/format.h>

#include <map>

#include "sql/migration_lease.h"

namespace narada::storage {

namespace {

constexpr const char* kCreateLog =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    " version INT NOT NULL PRIMARY KEY,"
    " name VARCHAR(200) NOT NULL,"
    " checksum CHAR(64) NOT NULL,"         // SHA-256 of the file
    " statements INT NOT NULL DEFAULT 0,"  // how many of the file's have run
    " applied_at DATETIME NULL"            // NULL: not to its end yet
    ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";
constexpr const char* kCreateLease =
    "CREATE TABLE IF NOT EXISTS migration_lease ("
    " id TINYINT NOT NULL PRIMARY KEY,"
    " holder VARCHAR(200) NOT NULL,"
    " expires_at DATETIME(6) NOT NULL"
    ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";
constexpr const char* kInsertLease =
    "INSERT IGNORE INTO migration_lease (id, holder, expires_at) VALUES (1, '', '2000-01-01')";
constexpr const char* kLogExists =
    "SELECT COUNT(*) FROM information_schema.tables"
    " WHERE table_schema = DATABASE() AND table_name = 'schema_migration'";
constexpr const char* kReadLog =
    "SELECT version, name, checksum, statements, applied_at FROM schema_migration ORDER BY version";
constexpr const char* kNewestVersion =
    "SELECT COALESCE(MAX(version), 0) FROM schema_migration WHERE applied_at IS NOT NULL";
constexpr const char* kChecksum = "SELECT SHA2(?, 256)";
constexpr const char* kInsertEntry =
    "INSERT IGNORE INTO schema_migration (version, name, checksum) VALUES (?, ?, ?)";
constexpr const char* kCountStatement =
    "UPDATE schema_migration SET statements = ? WHERE version = ? AND statements = ?";
constexpr const char* kFinishEntry =
    "UPDATE schema_migration SET applied_at = UTC_TIMESTAMP() WHERE version = ?";

struct LogEntry {
  std::string name;
  std::string checksum;
  int statements = 0;
  bool finished = false;
};
using Log = std::map<int, LogEntry>;

bool log_exists(Connection& connection) { return connection.query(kLogExists)[0].boolean(0); }

Log read_log(Connection& connection) {
  Log log;
  if (!log_exists(connection)) return log;
  for (const auto row : connection.query(kReadLog)) {
    log[row.small_integer(0)] = {row.text(1), row.text(2), row.small_integer(3), !row.is_null(4)};
  }
  return log;
}

std::string checksum(Connection& connection, const Migration& migration) {
  return connection.query(kChecksum, {migration.text})[0].text(0);
}

// Throws when the database has seen what this program does not know, or knows otherwise. A file
// whose run broke off may not change either: nobody knows which half of it the database has.
void check_history(Connection& connection, const Log& log,
                   const std::vector<Migration>& migrations) {
  std::map<int, const Migration*> known;
  for (const Migration& migration : migrations) known[migration.version] = &migration;
  const int newest = known.empty() ? 0 : known.rbegin()->first;
  for (const auto& [version, entry] : log) {
    if (version > newest) {
      throw Error(0, fmt::format("the database is newer than the program: it has migration {}, the "
                                 "program knows up to {}; start the newer program",
                                 entry.name, newest));
    }
    const auto found = known.find(version);
    if (found == known.end()) {
      throw Error(0, fmt::format("the database has migration {}, which the program does not have",
                                 entry.name));
    }
    if (entry.checksum != checksum(connection, *found->second)) {
      throw Error(0, fmt::format("migration {} has changed since the database got it; undo the "
                                 "change and add a new migration instead",
                                 found->second->name));
    }
  }
}

bool complete(const Log& log, const std::vector<Migration>& migrations) {
  for (const Migration& migration : migrations) {
    const auto found = log.find(migration.version);
    if (found == log.end() || !found->second.finished) return false;
  }
  return true;
}

// What a statement says when it had run before the process was killed, but was not counted.
bool says_done_before(int code) {
  switch (code) {
    case 1050:  // ER_TABLE_EXISTS_ERROR
    case 1051:  // ER_BAD_TABLE_ERROR
    case 1060:  // ER_DUP_FIELDNAME
    case 1061:  // ER_DUP_KEYNAME
    case 1091:  // ER_CANT_DROP_FIELD_OR_KEY
    case 1826:  // ER_DUP_CONSTRAINT_NAME
      return true;
    default:
      return false;
  }
}

// Runs the migrations that are missing. The session has no time limits; the lease is held.
class Runner {
 public:
  Runner(Connection& connection, const MigrationLease& lease)
      : connection_(connection), lease_(lease) {}

  // `earlier`: what a run left behind that did not reach the end of the file, or null.
  void apply(const Migration& migration, const LogEntry* earlier) {
    connection_.execute(kInsertEntry,
                        {migration.version, migration.name, checksum(connection_, migration)});
    const int first = earlier == nullptr ? 0 : earlier->statements;
    int index = 0;
    for (const std::string& statement : split_statements(migration.text)) {
      if (index >= first) {
        const bool may_have_run = earlier != nullptr && index == first;
        run(migration, statement, index, may_have_run);
      }
      ++index;
    }
    connection_.execute(kFinishEntry, {migration.version});
  }

 private:
  void run(const Migration& migration, const std::string& statement, int index, bool may_have_run) {
    try {
      run_and_count(migration, statement, index);
    } catch (const Error& error) {
      if (may_have_run && says_done_before(error.code())) {
        count_statement(migration, index);
        return;
      }
      throw Error(error.code(), fmt::format("migration {}, statement {}: {}", migration.name,
                                            index + 1, error.what()));
    }
  }

  // INSERT, UPDATE and DELETE stand or fall with their count. DDL commits by itself; the count then
  // follows in a moment.
  void run_and_count(const Migration& migration, const std::string& statement, int index) {
    connection_.run("BEGIN");
    try {
      lease_.verify(connection_);
      connection_.run(statement);
      count_statement(migration, index);
      connection_.run("COMMIT");
    } catch (const Error&) {
      if (!connection_.broken()) connection_.run("ROLLBACK");
      throw;
    }
  }

  void count_statement(const Migration& migration, int index) {
    if (connection_.execute(kCountStatement, {index + 1, migration.version, index}) != 1) {
      throw Error(0, "another process runs the same migration");
    }
  }

  Connection& connection_;
  const MigrationLease& lease_;
};

int apply_missing(Pool& pool, const std::vector<Migration>& migrations) {
  const MigrationLease lease(pool);
  // A statement over a large table takes as long as it takes.
  Connection connection(pool.address(),
                        SessionLimits{std::chrono::seconds(0), std::chrono::hours(24)});
  const Log log = read_log(connection);
  check_history(connection, log, migrations);
  Runner runner(connection, lease);
  int applied = 0;
  for (const Migration& migration : migrations) {
    const auto found = log.find(migration.version);
    if (found != log.end() && found->second.finished) continue;
    runner.apply(migration, found == log.end() ? nullptr : &found->second);
    ++applied;
  }
  return applied;
}

void check_order(const std::vector<Migration>& migrations) {
  for (std::size_t i = 1; i < migrations.size(); ++i) {
    if (migrations[i - 1].version >= migrations[i].version) {
      throw Error(0, fmt::format("migration {} is out of order", migrations[i].name));
    }
  }
}

}  // namespace

int migrate(Pool& pool) { return migrate(pool, all_migrations()); }

int migrate(Pool& pool, const std::vector<Migration>& migrations) {
  check_order(migrations);
  const bool nothing_to_do = pool.read([&](Connection& connection) {
    const Log log = read_log(connection);
    check_history(connection, log, migrations);
    return !log.empty() && complete(log, migrations);
  });
  if (nothing_to_do) return 0;
  pool.read([](Connection& connection) {
    connection.run(kCreateLog);
    connection.run(kCreateLease);
    connection.run(kInsertLease);
    return 0;
  });
  return apply_missing(pool, migrations);
}

int schema_version(Pool& pool) {
  return pool.read([](Connection& connection) {
    return log_exists(connection) ? connection.query(kNewestVersion)[0].small_integer(0) : 0;
  });
}

}  // namespace narada::storage
