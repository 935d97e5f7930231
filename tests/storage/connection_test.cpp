#include "sql/connection.h"

#include <doctest/doctest.h>

#include <limits>

#include "sql/error.h"
#include "tests/support/database.h"

using namespace narada;
using namespace narada::storage;
using narada::testing::TestDatabase;
using namespace std::chrono_literals;

namespace {

constexpr const char* kCreateSample =
    "CREATE TABLE sample (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, whole BIGINT NULL,"
    " number DOUBLE NULL, small FLOAT NULL, money DECIMAL(20,4) NULL, words TEXT NULL,"
    " bytes LONGBLOB NULL, at DATETIME NULL, day DATE NULL, flag TINYINT NULL)";
constexpr const char* kInsertSample =
    "INSERT INTO sample (whole, number, small, money, words, bytes, at, day, flag)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
constexpr const char* kSelectSample =
    "SELECT whole, number, small, money, words, bytes, at, day, flag FROM sample WHERE id = ?";

std::string every_byte() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  return bytes;
}

int error_code(Connection& connection, const std::string& sql) {
  try {
    connection.run(sql);
  } catch (const Error& error) {
    return error.code();
  }
  return 0;
}

}  // namespace

TEST_CASE("values come back exactly as they were stored") {
  TestDatabase database = TestDatabase::empty();
  Connection connection(database.address());
  connection.run(kCreateSample);
  const domain::Instant instant = std::chrono::sys_days{2026y / 10 / 25} + 1h + 30min + 7s;
  const std::string words = "Żółć, „gęślą jaźń” 👩‍👩‍👧 \\ ' \" % _";

  struct Case {
    const char* name;
    std::int64_t whole;
    double number;
    std::string bytes;
  };
  const Case cases[] = {
      {"nothing", 0, 0.0, ""},
      {"smallest", std::numeric_limits<std::int64_t>::min(), -1e-300, std::string(1, '\0')},
      {"largest", std::numeric_limits<std::int64_t>::max(), 1.7976931348623157e308, every_byte()},
      {"not a binary fraction", -1, 0.1 + 0.2, std::string(307200, '\xff')},
      {"a million bytes", 1, 1.0 / 3, std::string(1048576, '\x00')},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const auto id = connection.insert(kInsertSample, {c.whole, c.number, 0.1, "1234567.8900", words,
                                                      c.bytes, instant, 2026y / 2 / 28, true});
    const Rows rows = connection.query(kSelectSample, {id});
    REQUIRE(rows.size() == 1);
    const auto row = rows[0];
    CHECK(row.integer(0) == c.whole);
    CHECK(row.real(1) == c.number);
    CHECK(row.text(2) == "0.1");
    CHECK(row.text(3) == "1234567.8900");
    CHECK(row.text(4) == words);
    CHECK((row.text(5) == c.bytes));
    CHECK((row.instant(6) == instant));
    CHECK((row.date(7) == 2026y / 2 / 28));
    CHECK(row.boolean(8));
  }
}

TEST_CASE("a row may be kept longer than the rows it came from") {
  TestDatabase database = TestDatabase::empty();
  Connection connection(database.address());
  const auto row = connection.query("SELECT 'a text that is too long to be stored in place', 2")[0];
  connection.query("SELECT 'another text that is too long to be stored in place', 3");
  CHECK(row.text(0) == "a text that is too long to be stored in place");
  CHECK(row.integer(1) == 2);
}

TEST_CASE("a wall time and an unusual year keep their digits") {
  TestDatabase database = TestDatabase::empty();
  Connection connection(database.address());
  const domain::WallTime gap = std::chrono::local_days{2026y / 3 / 29} + 2h + 30min;
  const domain::Instant old = std::chrono::sys_days{1000y / 1 / 1};
  const Rows rows =
      connection.query("SELECT CAST(? AS DATETIME), CAST(? AS DATETIME), CAST(? AS DATETIME(6))",
                       {gap, old, "2026-01-02 03:04:05.678901"});
  CHECK((rows[0].wall_time(0) == gap));
  CHECK((rows[0].instant(1) == old));
  CHECK((rows[0].instant(2) == std::chrono::sys_days{2026y / 1 / 2} + 3h + 4min + 5s));
  CHECK_THROWS_AS(Parameter(std::chrono::sys_days{10000y / 1 / 1} + 0s), std::out_of_range);
}

TEST_CASE("NULL is absence, in both directions and between values") {
  TestDatabase database = TestDatabase::empty();
  Connection connection(database.address());
  connection.run(kCreateSample);
  const auto insert = [&](const std::optional<std::int64_t>& whole,
                          const std::optional<std::string>& words) {
    const auto id = connection.insert(kInsertSample, {whole, nullptr, std::nullopt, nullptr, words,
                                                      nullptr, nullptr, nullptr, nullptr});
    const auto rows = connection.query(kSelectSample, {id});
    return std::pair(rows[0].find_integer(0), rows[0].find_text(4));
  };
  using Stored = std::pair<std::optional<std::int64_t>, std::optional<std::string>>;
  CHECK((insert(std::nullopt, "a") == Stored(std::nullopt, "a")));
  CHECK((insert(7, std::nullopt) == Stored(7, std::nullopt)));
  CHECK((insert(std::nullopt, "") == Stored(std::nullopt, "")));

  const auto rows = connection.query("SELECT NULL, 'x', '9223372036854775808'");
  CHECK(rows[0].is_null(0));
  CHECK(rows[0].text_or_empty(0) == "");
  CHECK_THROWS_AS(rows[0].text(0), Error);
  CHECK_THROWS_AS(rows[0].integer(0), Error);
  CHECK_THROWS_AS(rows[0].integer(1), Error);
  CHECK_THROWS_AS(rows[0].integer(2), Error);
  CHECK_THROWS_AS(rows[0].instant(1), Error);
  CHECK_THROWS_AS(rows[0].text(9), Error);
}

TEST_CASE("an unsigned integer above 2^63-1 is refused in both directions") {
  TestDatabase database = TestDatabase::empty();
  Connection connection(database.address());
  CHECK_THROWS_AS(Parameter(std::uint64_t{1} << 63), std::out_of_range);
  const auto rows = connection.query("SELECT CAST(18446744073709551615 AS UNSIGNED)");
  CHECK(rows[0].text(0) == "18446744073709551615");
  CHECK_THROWS_AS(rows[0].integer(0), Error);
}

TEST_CASE("the session is in UTC, strict, READ COMMITTED and speaks utf8mb4") {
  TestDatabase database = TestDatabase::empty();
  Connection connection(database.address());
  const auto rows = connection.query(
      "SELECT @@time_zone, @@tx_isolation, @@innodb_snapshot_isolation, @@autocommit,"
      " @@character_set_client, @@collation_connection, @@max_statement_time,"
      " @@innodb_lock_wait_timeout, @@sql_mode LIKE '%STRICT_ALL_TABLES%'");
  std::vector<std::string> settings;
  for (std::size_t i = 0; i < 9; ++i) settings.push_back(rows[0].text(i));
  CHECK(settings == std::vector<std::string>{"+00:00", "READ-COMMITTED", "1", "1", "utf8mb4",
                                             "utf8mb4_unicode_520_ci", "20", "5", "1"});
}

TEST_CASE("an error says which kind it is") {
  TestDatabase database = TestDatabase::empty();
  Connection connection(database.address());
  connection.run("CREATE TABLE parent (id BIGINT PRIMARY KEY, word VARCHAR(3) NOT NULL)");
  connection.run(
      "CREATE TABLE child (parent_id BIGINT, FOREIGN KEY (parent_id) REFERENCES parent (id))");
  connection.execute("INSERT INTO parent (id, word) VALUES (?, ?)", {1, "abc"});

  CHECK_THROWS_AS(connection.execute("INSERT INTO parent (id, word) VALUES (?, ?)", {1, "abc"}),
                  Duplicate);
  CHECK(error_code(connection, "INSERT INTO parent (id, word) VALUES (2, 'abcd')") == 1406);
  CHECK(error_code(connection, "INSERT INTO parent (id, word) VALUES (2, NULL)") == 1048);
  CHECK(error_code(connection, "INSERT INTO child (parent_id) VALUES (9)") == 1452);
  CHECK(error_code(connection, "SELECT nonsense") == 1054);
  CHECK(error_code(connection, "SET max_statement_time = 0.05") == 0);
  CHECK(error_code(connection, "SELECT SLEEP(5)") == 1969);
  CHECK_FALSE(connection.broken());
  CHECK(connection.query("SELECT 1")[0].integer(0) == 1);
}

TEST_CASE("a statement called in the wrong way is refused and leaves the session whole") {
  TestDatabase database = TestDatabase::empty();
  Connection connection(database.address());
  connection.run("CREATE TABLE one (id BIGINT PRIMARY KEY)");
  connection.run("BEGIN");
  CHECK_THROWS_AS(connection.query("INSERT INTO one (id) VALUES (?)", {1}), Error);
  CHECK_THROWS_AS(connection.execute("INSERT INTO one (id) VALUES (?) RETURNING id", {2}), Error);
  CHECK_THROWS_AS(connection.execute("INSERT INTO one (id) VALUES (?)"), Error);
  CHECK_THROWS_AS(connection.execute("INSERT INTO one (id) VALUES (?)", {1, 2}), Error);
  connection.run("SELECT 1");
  connection.run("ROLLBACK");
  CHECK(connection.query("SELECT id FROM one").empty());
  CHECK(connection.execute("INSERT INTO one (id) VALUES (?), (?)", {1, 2}) == 2);
  CHECK(connection.execute("UPDATE one SET id = id + 10 WHERE id = ?", {2}) == 1);
  CHECK(connection.execute("UPDATE one SET id = id WHERE id = ?", {12}) == 0);
}

TEST_CASE("statements are counted, those that failed are not") {
  TestDatabase database = TestDatabase::empty();
  Connection connection(database.address());
  CHECK(connection.statements() == 0);
  connection.query("SELECT 1");
  connection.query("SELECT 1");
  connection.run("BEGIN");
  CHECK(connection.in_transaction());
  connection.run("COMMIT");
  CHECK_FALSE(connection.in_transaction());
  CHECK_THROWS_AS(connection.query("SELECT nonsense"), Error);
  CHECK(connection.statements() == 4);
}

TEST_CASE("an unreachable or wrong database is told apart") {
  auto nowhere = TestDatabase::server().address();
  nowhere.socket = "/nonexistent/socket";
  CHECK_THROWS_AS(Connection{nowhere}, Unavailable);
  auto missing = TestDatabase::server().address("no_such_schema");
  try {
    const Connection connection(missing);
    FAIL("connected to a schema that does not exist");
  } catch (const Error& error) {
    CHECK(error.code() == 1049);
    CHECK(dynamic_cast<const Unavailable*>(&error) == nullptr);
  }
}
