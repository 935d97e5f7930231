#include "sql/migrations.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/support/database.h"

using namespace narada;
using namespace narada::storage;
using narada::testing::TestDatabase;
using namespace std::chrono_literals;

namespace {

const Migration kWords{1, "0001_words.sql",
                       "-- Words.\n"
                       "CREATE TABLE word (id BIGINT PRIMARY KEY, text VARCHAR(20) NOT NULL);\n"
                       "INSERT INTO word (id, text) VALUES (1, 'a;b');\n"};
const Migration kLength{2, "0002_length.sql",
                        "ALTER TABLE word ADD COLUMN length BIGINT NOT NULL DEFAULT 0;\n"
                        "UPDATE word SET length = length + CHAR_LENGTH(text);\n"};

std::string failure(Pool& pool, const std::vector<Migration>& migrations) {
  try {
    migrate(pool, migrations);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::int64_t number(Pool& pool, std::string_view sql) {
  return pool.read([&](Connection& connection) { return connection.query(sql)[0].integer(0); });
}

void run(Pool& pool, const std::string& sql) { pool.lease()->run(sql); }

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("the program holds every migration file, byte for byte") {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(NARADA_SOURCE_DIR "/sql/migrations")) {
    files.push_back(entry.path().filename());
  }
  std::sort(files.begin(), files.end());
  REQUIRE(!files.empty());
  REQUIRE(all_migrations().size() == files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    const Migration& migration = all_migrations()[i];
    CAPTURE(migration.name);
    CHECK(migration.name == files[i]);
    CHECK(migration.version == std::stoi(files[i]));
    CHECK(migration.text == file_text(NARADA_SOURCE_DIR "/sql/migrations/" + files[i]));
  }
}

TEST_CASE("the program's own migrations apply once and make tables fit for a cluster") {
  TestDatabase database = TestDatabase::empty();
  const int count = static_cast<int>(all_migrations().size());
  CHECK(schema_version(database.pool()) == 0);
  CHECK(migrate(database.pool()) == count);
  CHECK(migrate(database.pool()) == 0);
  CHECK(schema_version(database.pool()) == all_migrations().back().version);

  const auto unfit = database.pool().read([](Connection& connection) {
    return connection.query(
        "SELECT t.table_name FROM information_schema.tables t WHERE t.table_schema = DATABASE()"
        " AND t.table_type = 'BASE TABLE' AND (t.engine <> 'InnoDB'"
        " OR t.table_collation NOT LIKE 'utf8mb4%' OR NOT EXISTS (SELECT 1 FROM"
        " information_schema.table_constraints c WHERE c.table_schema = t.table_schema"
        " AND c.table_name = t.table_name AND c.constraint_type = 'PRIMARY KEY'))");
  });
  for (const auto row : unfit) FAIL_CHECK(row.text(0));
  CHECK(number(database.pool(),
               "SELECT COUNT(*) FROM information_schema.tables"
               " WHERE table_schema = DATABASE()") > 10);
}

TEST_CASE("migrations apply in order, each once, and later ones on top") {
  TestDatabase database = TestDatabase::empty();
  CHECK(migrate(database.pool(), {kWords}) == 1);
  CHECK(schema_version(database.pool()) == 1);
  CHECK(migrate(database.pool(), {kWords, kLength}) == 1);
  CHECK(schema_version(database.pool()) == 2);
  CHECK(migrate(database.pool(), {kWords, kLength}) == 0);
  CHECK(number(database.pool(), "SELECT length FROM word WHERE text = 'a;b'") == 3);
  CHECK(failure(database.pool(), {kLength, kWords}) == "migration 0001_words.sql is out of order");
}

TEST_CASE("processes that start together apply each migration once") {
  TestDatabase database = TestDatabase::empty();
  const std::vector<Migration> migrations = {
      kWords,
      {2, "0002_slow.sql", "INSERT INTO word (id, text) SELECT 2, SLEEP(0.3); DO SLEEP(0.2);"},
      {3, "0003_more.sql", "INSERT INTO word (id, text) VALUES (3, 'c')"}};
  std::atomic<int> applied = 0;
  std::vector<std::thread> processes;
  processes.reserve(6);
  for (int i = 0; i < 6; ++i) {
    processes.emplace_back([&] {
      Pool pool(database.address());
      applied += migrate(pool, migrations);
    });
  }
  for (auto& process : processes) process.join();
  CHECK(applied == 3);
  CHECK(number(database.pool(), "SELECT COUNT(*) FROM word") == 3);
}

TEST_CASE("a database that is newer than the program is refused") {
  TestDatabase database = TestDatabase::empty();
  migrate(database.pool(), {kWords, kLength});
  CHECK(failure(database.pool(), {kWords}) ==
        "the database is newer than the program: it has migration 0002_length.sql, the program "
        "knows up to 1; start the newer program");
  CHECK(failure(database.pool(), {kLength}) ==
        "the database has migration 0001_words.sql, which the program does not have");
}

TEST_CASE("a migration that changed after it was applied is refused") {
  TestDatabase database = TestDatabase::empty();
  migrate(database.pool(), {kWords});
  Migration changed = kWords;
  changed.text += " ";
  CHECK(failure(database.pool(), {changed, kLength}) ==
        "migration 0001_words.sql has changed since the database got it; undo the change and add a "
        "new migration instead");
  CHECK(schema_version(database.pool()) == 1);
}

TEST_CASE("a migration that fails says where, and goes on there the next time") {
  TestDatabase database = TestDatabase::empty();
  const std::vector<Migration> migrations = {{1, "0001_two_steps.sql",
                                              "CREATE TABLE first (id BIGINT PRIMARY KEY);"
                                              "INSERT INTO first (id) VALUES (1);"
                                              "INSERT INTO missing (id) VALUES (1);"
                                              "INSERT INTO first (id) VALUES (2)"}};
  CHECK(failure(database.pool(), migrations)
            .starts_with("migration 0001_two_steps.sql, statement 3: "));
  CHECK(schema_version(database.pool()) == 0);
  run(database.pool(), "CREATE TABLE missing (id BIGINT PRIMARY KEY)");
  CHECK(migrate(database.pool(), migrations) == 1);
  CHECK(number(database.pool(), "SELECT COUNT(*) FROM first") == 2);
}

TEST_CASE("DDL that ran just before its process was killed is not a failure") {
  TestDatabase database = TestDatabase::empty();
  migrate(database.pool(), {kWords});
  // As a kill between ALTER TABLE and its count leaves it.
  run(database.pool(), "ALTER TABLE word ADD COLUMN length BIGINT NOT NULL DEFAULT 0");
  const Migration& late = kLength;
  database.pool().lease()->execute(
      "INSERT INTO schema_migration (version, name, checksum) VALUES (2, ?, SHA2(?, 256))",
      {late.name, late.text});
  CHECK(schema_version(database.pool()) == 1);
  CHECK(migrate(database.pool(), {kWords, late}) == 1);
  CHECK(number(database.pool(), "SELECT length FROM word") == 3);

  // The control: without that log entry the same table is a reason to stop.
  TestDatabase other = TestDatabase::empty();
  run(other.pool(), "CREATE TABLE word (id BIGINT PRIMARY KEY)");
  CHECK(failure(other.pool(), {kWords}).starts_with("migration 0001_words.sql, statement 1: "));
}

TEST_CASE("the lease of a holder that died is waited out") {
  TestDatabase database = TestDatabase::empty();
  migrate(database.pool(), {kWords});
  run(database.pool(),
      "UPDATE migration_lease SET holder = 'elsewhere:1:dead',"
      " expires_at = UTC_TIMESTAMP(6) + INTERVAL 1 SECOND WHERE id = 1");
  const auto begin = std::chrono::steady_clock::now();
  CHECK(migrate(database.pool(), {kWords}) == 0);  // nothing to do needs no lease
  CHECK(std::chrono::steady_clock::now() - begin < 500ms);
  CHECK(migrate(database.pool(), {kWords, kLength}) == 1);
  CHECK(std::chrono::steady_clock::now() - begin > 900ms);
}

TEST_CASE("a holder that lost its lease stops before the next statement") {
  TestDatabase database = TestDatabase::empty();
  const std::vector<Migration> migrations = {{1, "0001_stolen.sql",
                                              "CREATE TABLE before_theft (id BIGINT PRIMARY KEY);"
                                              "UPDATE migration_lease SET holder = 'thief',"
                                              " expires_at = UTC_TIMESTAMP(6) + INTERVAL 1 SECOND;"
                                              "CREATE TABLE after_theft (id BIGINT PRIMARY KEY)"}};
  CHECK(failure(database.pool(), migrations)
            .ends_with("another process took over the change of the database schema"));
  CHECK(number(database.pool(),
               "SELECT COUNT(*) FROM information_schema.tables"
               " WHERE table_schema = DATABASE() AND table_name LIKE '%theft'") == 1);
}

TEST_CASE("a migration may take longer than a request") {
  TestDatabase database = TestDatabase::empty();
  migrate(database.pool(), {{1, "0001_limit.sql",
                             "CREATE TABLE probe (id BIGINT PRIMARY KEY, seconds DECIMAL(10,3));"
                             "INSERT INTO probe (id, seconds) SELECT 1, @@max_statement_time"}});
  CHECK(number(database.pool(), "SELECT CAST(seconds AS SIGNED) FROM probe") == 0);
}

TEST_CASE("what was accepted with enrolments of old gets its row, each once and of nobody erased") {
  TestDatabase database = TestDatabase::empty();
  std::vector<Migration> earlier;
  for (const auto& migration : all_migrations())
    if (migration.version < 12) earlier.push_back(migration);
  migrate(database.pool(), earlier);
  for (const char* sql :
       {"INSERT INTO person (id, full_name, email, name_key, email_key, created_at, updated_at) "
        "VALUES (1, 'A', 'a@x.example', 'a', 'a', '2026-01-01', '2026-01-01'), "
        "(2, 'B', 'b@x.example', 'b', 'b', '2026-01-01', '2026-01-01'), "
        "(3, '', '', 'c', 'c', '2026-01-01', '2026-01-01')",
        "UPDATE person SET erased_at = '2026-02-02' WHERE id = 3",
        "INSERT INTO cycle (id, slug, title, uid, status, summary, challenge, goal, effects, "
        "materials, "
        "participants_text, source_urls, caveat, created_at, updated_at) VALUES (1, 'c', 'C', 'u', "
        "'published', '', '', '', '', '', '', '', '', '2026-01-01', '2026-01-01')",
        "INSERT INTO enrolment (id, cycle_id, person_id, mode, status, clause_version, created_at, "
        "updated_at) VALUES (11, 1, 1, 'onsite', 'active', 1, '2026-03-03', '2026-03-03'), "
        "(12, 1, 2, 'onsite', 'active', 1, '2026-03-04', '2026-03-04'), "
        "(13, 1, 3, 'onsite', 'active', 1, '2026-03-05', '2026-03-05')",
        "INSERT INTO clause_acceptance (person_id, clause_version, subject, accepted_at) VALUES "
        "(2, 1, 'enrolment:12', '2026-03-04')"})
    run(database.pool(), sql);
  migrate(database.pool());
  const auto found = database.pool().read([](Connection& connection) {
    std::vector<std::string> rows;
    for (const auto row : connection.query(
             "SELECT CONCAT(person_id, ' ', subject, ' ', clause_version, ' ', accepted_at) FROM "
             "clause_acceptance ORDER BY person_id"))
      rows.push_back(row.text(0));
    return rows;
  });
  CHECK(found == std::vector<std::string>{"1 enrolment:11 1 2026-03-03 00:00:00",
                                          "2 enrolment:12 1 2026-03-04 00:00:00"});
}
