// What Connector/C++ 1.1 does wrong or silently, each beside what our connection does. The first
// half of every case is a control: it shows that the trap is really there.
#include <cppconn/datatype.h>
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/resultset_metadata.h>
#include <cppconn/statement.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <mysql_connection.h>
#include <mysql_driver.h>

#include <sstream>

#include "sql/connection.h"
#include "sql/error.h"
#include "sql/pool.h"
#include "sql/statement_cache.h"
#include "tests/support/database.h"

using namespace narada;
using namespace narada::storage;
using narada::testing::TestDatabase;

namespace {

// The driver as a newcomer uses it.
class Naive {
 public:
  explicit Naive(const DatabaseAddress& address, const sql::ConnectOptionsMap& more = {}) {
    sql::ConnectOptionsMap options = more;
    options["hostName"] = sql::SQLString("localhost");
    options["socket"] = sql::SQLString(address.socket);
    options["userName"] = sql::SQLString(address.user);
    options["password"] = sql::SQLString(address.password);
    options["schema"] = sql::SQLString(address.schema);
    session_.reset(sql::mysql::get_mysql_driver_instance()->connect(options));
  }

  sql::Connection& session() { return *session_; }
  std::unique_ptr<sql::PreparedStatement> prepare(const std::string& sql) {
    return std::unique_ptr<sql::PreparedStatement>(session_->prepareStatement(sql));
  }
  void run(const std::string& sql) {
    const std::unique_ptr<sql::Statement> statement(session_->createStatement());
    statement->execute(sql);
  }
  std::string text(const std::string& sql) {
    const std::unique_ptr<sql::Statement> statement(session_->createStatement());
    const std::unique_ptr<sql::ResultSet> rows(statement->executeQuery(sql));
    return rows->next() ? rows->getString(1).asStdString() : "";
  }

 private:
  std::unique_ptr<sql::Connection> session_;
};

using Results = std::unique_ptr<sql::ResultSet>;

template <class Action>
int error_code(Action action) {
  try {
    action();
  } catch (const sql::SQLException& error) {
    return error.getErrorCode();
  } catch (const Error& error) {
    return error.code();
  }
  return 0;
}

std::int64_t count_rows(const DatabaseAddress& address, const std::string& table) {
  return Connection(address).query("SELECT COUNT(*) FROM " + table)[0].integer(0);
}

}  // namespace

TEST_CASE("trap: commit() on a dead session returns as if it had committed") {
  TestDatabase database = TestDatabase::empty();
  Connection(database.address()).run("CREATE TABLE t (id BIGINT PRIMARY KEY)");
  {
    Naive naive(database.address());
    naive.session().setAutoCommit(false);
    naive.run("INSERT INTO t (id) VALUES (1)");
    CHECK(database.kill_connections() == 1);
    CHECK_NOTHROW(naive.session().commit());
    CHECK(count_rows(database.address(), "t") == 0);
  }
  {
    Naive naive(database.address());
    naive.run("BEGIN");
    naive.run("INSERT INTO t (id) VALUES (1)");
    CHECK(database.kill_connections() == 1);
    CHECK_NOTHROW(naive.session().rollback());
    CHECK_NOTHROW(naive.session().setAutoCommit(false));
  }

  Connection ours(database.address());
  ours.run("BEGIN");
  ours.execute("INSERT INTO t (id) VALUES (?)", {1});
  CHECK(database.kill_connections() == 1);
  CHECK_THROWS_AS(ours.run("COMMIT"), Unavailable);
  CHECK(ours.broken());
  database.pool().transact(
      [](Connection& connection) { connection.execute("INSERT INTO t (id) VALUES (?)", {2}); });
  CHECK(count_rows(database.address(), "t") == 1);
}

TEST_CASE("trap: a place once bound unsigned stays unsigned") {
  TestDatabase database = TestDatabase::empty();
  Naive naive(database.address());
  const auto statement = naive.prepare("SELECT CAST(? AS CHAR)");
  const auto bound = [&] {
    const Results rows(statement->executeQuery());
    rows->next();
    return rows->getString(1).asStdString();
  };
  statement->setUInt64(1, 5);
  CHECK(bound() == "5");
  statement->clearParameters();
  statement->setInt64(1, -1);
  CHECK(bound() == "18446744073709551615");

  Connection ours(database.address());
  constexpr const char* kSelect = "SELECT CAST(? AS CHAR)";
  CHECK(ours.query(kSelect, {std::uint64_t{5}})[0].text(0) == "5");
  CHECK(ours.query(kSelect, {-1})[0].text(0) == "-1");
  CHECK(ours.query(kSelect, {std::uint32_t{4294967295}})[0].text(0) == "4294967295");
}

TEST_CASE("trap: a blob's stream is empty the second time") {
  TestDatabase database = TestDatabase::empty();
  Connection ours(database.address());
  ours.run("CREATE TABLE t (id BIGINT AUTO_INCREMENT PRIMARY KEY, bytes LONGBLOB)");
  {
    Naive naive(database.address());
    const auto statement = naive.prepare("INSERT INTO t (bytes) VALUES (?)");
    std::istringstream stream("content");
    statement->setBlob(1, &stream);
    statement->executeUpdate();
    CHECK_NOTHROW(statement->executeUpdate());
    CHECK(naive.text("SELECT GROUP_CONCAT(COALESCE(LENGTH(bytes), 'none') ORDER BY id) FROM t") ==
          "7,none");
  }

  ours.run("DELETE FROM t");
  for (const std::size_t size : {std::size_t{7}, std::size_t{400000}, std::size_t{7}}) {
    const std::string bytes(size, '\x80');
    ours.execute("INSERT INTO t (bytes) VALUES (?)", {bytes});
    ours.execute("INSERT INTO t (bytes) VALUES (?)", {bytes});
  }
  CHECK(ours.query("SELECT GROUP_CONCAT(LENGTH(bytes) ORDER BY id) FROM t")[0].text(0) ==
        "7,7,400000,400000,7,7");
  CHECK(error_code([&] {
          ours.execute("INSERT INTO t (bytes) VALUES (?)", {std::string(80'000'000, 'x')});
        }) != 0);
}

TEST_CASE("trap: a real number comes as text with six digits") {
  TestDatabase database = TestDatabase::empty();
  Naive naive(database.address());
  const auto statement = naive.prepare("SELECT CAST(1.23456789012 AS DOUBLE)");
  const Results rows(statement->executeQuery());
  rows->next();
  CHECK(rows->getString(1) == "1.234568");

  Connection ours(database.address());
  const auto row = ours.query(
      "SELECT CAST(1.23456789012 AS DOUBLE), CAST(0.3 AS DOUBLE), CAST(1e300 AS DOUBLE),"
      " CAST(0.1 AS FLOAT), CAST(12345678901234.5678 AS DECIMAL(30,4))");
  CHECK(row[0].text(0) == "1.23456789012");
  CHECK(row[0].text(1) == "0.3");
  CHECK(row[0].real(2) == 1e300);
  CHECK(row[0].text(3) == "0.1");
  CHECK(row[0].text(4) == "12345678901234.5678");
}

TEST_CASE("trap: numbers are cut off and NULL is 0") {
  TestDatabase database = TestDatabase::empty();
  constexpr const char* kSelect =
      "SELECT 4294967297, CAST(18446744073709551615 AS UNSIGNED), CAST(NULL AS SIGNED)";
  Naive naive(database.address());
  const auto statement = naive.prepare(kSelect);
  const Results rows(statement->executeQuery());
  rows->next();
  CHECK(rows->getInt(1) == 1);
  CHECK(rows->getInt64(2) == -1);
  CHECK(rows->getInt64(3) == 0);

  Connection ours(database.address());
  const Rows read = ours.query(kSelect);
  CHECK(read[0].integer(0) == 4294967297);
  CHECK_THROWS_AS(read[0].small_integer(0), Error);
  CHECK_THROWS_AS(read[0].integer(1), Error);
  CHECK_THROWS_AS(read[0].integer(2), Error);
  CHECK(read[0].find_integer(2) == std::nullopt);
}

TEST_CASE("trap: JSON is text with a check, and a time has as many digits as it likes") {
  TestDatabase database = TestDatabase::empty();
  Connection ours(database.address());
  ours.run("CREATE TABLE t (id BIGINT PRIMARY KEY, document JSON, at DATETIME(6))");
  CHECK(ours.execute("INSERT INTO t (id, document, at) VALUES (1, ?, ?), (2, NULL, ?)",
                     {"{\"a\": [1, 2]}", "2026-01-02 03:04:05.500000", "2026-01-02 03:04:05"}) ==
        2);
  {
    Naive naive(database.address());
    const auto statement = naive.prepare("SELECT document, at FROM t ORDER BY id");
    const Results rows(statement->executeQuery());
    CHECK(rows->getMetaData()->getColumnType(1) != sql::DataType::JSON);
    rows->next();
    CHECK(rows->getString(2) == "2026-01-02 03:04:05.500000");
    rows->next();
    CHECK(rows->getString(2) == "2026-01-02 03:04:05");
  }
  const Rows rows = ours.query("SELECT document, at FROM t ORDER BY id");
  CHECK(rows[0].text(0) == "{\"a\": [1, 2]}");
  CHECK(rows[1].find_text(0) == std::nullopt);
  CHECK((rows[0].instant(1) == rows[1].instant(1)));
  CHECK(error_code([&] { ours.execute("UPDATE t SET document = ? WHERE id = 1", {"{"}); }) == 4025);
}

TEST_CASE("trap: running a statement again rewrites the rows read before") {
  TestDatabase database = TestDatabase::empty();
  Naive naive(database.address());
  {
    const auto statement = naive.prepare("SELECT ?");
    statement->setString(1, "first");
    const Results first(statement->executeQuery());
    statement->setString(1, "other");
    const Results second(statement->executeQuery());
    first->next();
    CHECK(first->getString(1) != "first");
  }

  Connection ours(database.address());
  const Rows first = ours.query("SELECT ?", {"first"});
  const Rows second = ours.query("SELECT ?", {"other"});
  CHECK(first[0].text(0) == "first");
  CHECK(second[0].text(0) == "other");
}

TEST_CASE("trap: rows that nobody reads block the session") {
  TestDatabase database = TestDatabase::empty();
  Naive naive(database.address());
  const auto statement = naive.prepare("SELECT 1");
  statement->execute();
  CHECK(error_code([&] { naive.run("DO 1"); }) == 2014);

  Connection ours(database.address());
  ours.run("SELECT 1");
  CHECK_THROWS_AS(ours.execute("SELECT 1"), Error);
  CHECK(ours.query("SELECT 2")[0].integer(0) == 2);
}

TEST_CASE("trap: of several statements in one text the later failures stay hidden") {
  TestDatabase database = TestDatabase::empty();
  const std::string both =
      "CREATE TABLE a (id BIGINT PRIMARY KEY); INSERT INTO missing (id) VALUES (1);"
      " CREATE TABLE b (id BIGINT PRIMARY KEY)";
  {
    sql::ConnectOptionsMap options;
    options["CLIENT_MULTI_STATEMENTS"] = true;
    Naive naive(database.address(), options);
    CHECK_NOTHROW(naive.run(both));
    CHECK(error_code([&] { naive.run("DO 1"); }) == 2014);
  }
  CHECK(count_rows(database.address(), "a") == 0);
  CHECK(error_code([&] { count_rows(database.address(), "b"); }) == 1146);

  Connection ours(database.address());
  CHECK(error_code([&] { ours.run("DROP TABLE a; DROP TABLE a"); }) == 1064);
  CHECK(count_rows(database.address(), "a") == 0);
}

TEST_CASE("trap: reconnect() forgets the session's settings and statements") {
  TestDatabase database = TestDatabase::empty();
  {
    Naive naive(database.address());
    naive.run("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    naive.run("SET SESSION time_zone = '+00:00', max_statement_time = 20");
    const auto statement = naive.prepare("SELECT 1");
    database.kill_connections();
    CHECK(naive.session().reconnect());
    CHECK(naive.text("SELECT @@tx_isolation") == "REPEATABLE-READ");
    CHECK(naive.text("SELECT @@max_statement_time") == "0.000000");
    CHECK(error_code([&] { const Results rows(statement->executeQuery()); }) == 2030);
  }

  const auto settings = [](Connection& connection) {
    const Rows rows = connection.query("SELECT @@tx_isolation, @@max_statement_time");
    return rows[0].text(0) + " " + rows[0].text(1);
  };
  const std::string before = database.pool().read(settings);
  CHECK(before == "READ-COMMITTED 20");
  CHECK(database.kill_connections() == 1);
  CHECK(database.pool().read(settings) == before);
}

TEST_CASE("trap: SELECT * breaks when a column is added") {
  TestDatabase database = TestDatabase::empty();
  Connection administrator(database.address());
  administrator.run("CREATE TABLE t (id BIGINT PRIMARY KEY, word VARCHAR(10))");
  administrator.run("INSERT INTO t (id, word) VALUES (1, 'a')");
  {
    Naive naive(database.address());
    const auto all = naive.prepare("SELECT * FROM t");
    { const Results rows(all->executeQuery()); }
    administrator.run("ALTER TABLE t ADD COLUMN more BIGINT");
    CHECK(error_code([&] { const Results rows(all->executeQuery()); }) == 2057);
  }

  // Named columns survive; and where a session's statements are out of date, they are prepared
  // anew.
  Connection ours(database.address());
  const auto named = [&] { return ours.query("SELECT id, word FROM t")[0].text(1); };
  CHECK(named() == "a");
  const auto columns = [](Connection& connection) {
    const auto row = connection.query("SELECT * FROM t")[0];
    int count = 0;
    try {
      while (true) row.find_text(static_cast<std::size_t>(count++));
    } catch (const std::out_of_range&) {
      return count - 1;
    }
  };
  CHECK(database.pool().read(columns) == 3);
  administrator.run("ALTER TABLE t ADD COLUMN even_more BIGINT, MODIFY word VARCHAR(20)");
  CHECK(named() == "a");
  CHECK(database.pool().read(columns) == 4);
  administrator.run("ALTER TABLE t ADD COLUMN most BIGINT");
  CHECK(database.pool().transact(columns) == 5);
}

TEST_CASE("trap: the session compares by another collation than the server's") {
  testing::DatabaseServer server({"--collation-server=utf8mb4_unicode_520_ci"});
  const std::string schema = server.create_schema();
  Naive naive(server.address(schema));
  CHECK(naive.text("SELECT @@collation_server") == "utf8mb4_unicode_520_ci");
  CHECK(naive.text("SELECT @@collation_connection") == "utf8mb4_general_ci");

  Connection ours(server.address(schema));
  CHECK(ours.query("SELECT @@collation_connection")[0].text(0) == "utf8mb4_unicode_520_ci");
}

TEST_CASE("trap: statements that are never closed use up the server's") {
  TestDatabase database = TestDatabase::empty();
  const auto limit = [&](int count) {
    Connection(database.address())
        .run(fmt::format("SET GLOBAL max_prepared_stmt_count = {}", count));
  };
  const auto statement = [](int i) { return fmt::format("SELECT {} + ?", i); };
  limit(300);
  {
    Naive naive(database.address());
    std::vector<std::unique_ptr<sql::PreparedStatement>> open;
    CHECK(error_code([&] {
            for (int i = 0; i < 400; ++i) open.push_back(naive.prepare(statement(i)));
          }) == 1461);

    // Ours, while the others still hold theirs: room enough is made of its own.
    open.resize(250);
    Connection ours(database.address());
    for (int i = 0; i < 400; ++i) CHECK(ours.query(statement(i), {1})[0].integer(0) == i + 1);
  }
  Connection ours(database.address());
  for (int i = 0; i < 1000; ++i) ours.query(statement(i), {1});
  const Rows open = ours.query("SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count'");
  CHECK(open[0].integer(1) <= static_cast<int>(StatementCache::kCapacity) + 1);
  limit(16382);
}

TEST_CASE("trap: there is no way to ask for a generated key, so the INSERT returns it") {
  TestDatabase database = TestDatabase::empty();
  Connection ours(database.address());
  ours.run("CREATE TABLE t (id BIGINT AUTO_INCREMENT PRIMARY KEY, word VARCHAR(10) UNIQUE)");
  constexpr const char* kInsert = "INSERT INTO t (word) VALUES (?) RETURNING id";
  CHECK(ours.insert(kInsert, {"a"}) == 1);
  CHECK_THROWS_AS(ours.insert(kInsert, {"a"}), Duplicate);
  const std::int64_t next = ours.insert(kInsert, {"b"});
  CHECK(ours.query("SELECT word FROM t WHERE id = ?", {next})[0].text(0) == "b");
}
