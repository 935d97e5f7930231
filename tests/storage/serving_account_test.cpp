#include "sql/serving_account.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "sql/activity_store.h"
#include "sql/error.h"
#include "tests/support/database.h"

using namespace narada;
using namespace narada::storage;
using testing::TestDatabase;

namespace {

constexpr int kTableAccessDenied = 1142;   // ER_TABLEACCESS_DENIED_ERROR
constexpr int kSchemaAccessDenied = 1044;  // ER_DBACCESS_DENIED_ERROR

// What the server says to the statement; 0 when it obeys.
int answer_to(Connection& connection, const std::string& sql) {
  try {
    connection.run(sql);
    return 0;
  } catch (const Error& error) {
    return error.code();
  }
}

Activity some_activity() {
  Activity activity;
  activity.occurred_at = domain::Instant(std::chrono::seconds(1'800'000'000));
  activity.actor = "system";
  activity.verb = "meeting.created";
  activity.subject = "meeting:1";
  return activity;
}

}  // namespace

TEST_CASE("the server refuses the serving account every change of what the activity log holds") {
  auto database = TestDatabase::fresh();
  Connection serving(database.serving_address());
  save_activities(serving, {some_activity()});
  for (const std::string sql :
       {"UPDATE activity SET verb = 'x'", "DELETE FROM activity", "TRUNCATE TABLE activity",
        "DROP TABLE activity", "ALTER TABLE activity ADD COLUMN x INT",
        "REPLACE INTO activity SELECT * FROM activity", "RENAME TABLE activity TO hidden",
        "CREATE TRIGGER hide BEFORE INSERT ON activity FOR EACH ROW SET NEW.verb = ''",
        "INSERT INTO activity SELECT * FROM activity ON DUPLICATE KEY UPDATE verb = 'x'",
        "UPDATE schema_migration SET version = 0", "UPDATE information_clause SET text_pl = ''",
        "DELETE FROM information_clause", "GRANT DELETE ON activity TO serving@localhost"}) {
    CAPTURE(sql);
    CHECK(answer_to(serving, sql) == kTableAccessDenied);
  }
  CHECK(answer_to(serving, "CREATE PROCEDURE hide() DELETE FROM activity") == kSchemaAccessDenied);
  CHECK(database.pool().read([](Connection& connection) {
    return connection.query("SELECT actor, verb FROM activity")[0].text(1);
  }) == "meeting.created");
}

TEST_CASE("the serving account reads and writes the rows of every other table") {
  auto database = TestDatabase::fresh();
  Connection serving(database.serving_address());
  const auto tables = serving.query(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND "
      "table_name NOT IN ('activity', 'schema_migration', 'information_clause')");
  CHECK(tables.size() > 20);
  for (const auto row : tables) {
    CAPTURE(row.text(0));
    CHECK(answer_to(serving, "DELETE FROM " + row.text(0) + " WHERE FALSE") == 0);
    CHECK(answer_to(serving, "DROP TABLE " + row.text(0)) == kTableAccessDenied);
  }
}

TEST_CASE("an installation whose account had every right is served with the needed ones after it") {
  auto database = TestDatabase::fresh();
  auto& server = TestDatabase::server();
  Connection administrator(server.address());
  const auto serving = database.serving_address();
  administrator.run("GRANT ALL ON " + serving.schema + ".* TO serving@localhost");
  {
    Pool pool(serving);
    CHECK_FALSE(is_log_append_only(pool));
  }
  CHECK(grant_serving_rights(database.pool(), serving));
  Pool pool(serving);
  CHECK(is_log_append_only(pool));
  CHECK(grant_serving_rights(database.pool(), serving));  // again
}

TEST_CASE("rights on the log itself are taken back, and changing it counts like deleting from it") {
  auto database = TestDatabase::fresh();
  Connection administrator(TestDatabase::server().address());
  const auto serving = database.serving_address();
  for (const std::string right : {"UPDATE", "DELETE", "UPDATE (verb)"}) {
    CAPTURE(right);
    administrator.run("GRANT " + right + " ON " + serving.schema +
                      ".activity TO serving@localhost");
    CHECK(grant_serving_rights(database.pool(), serving));
    Connection entered(serving);
    CHECK(answer_to(entered, "UPDATE activity SET verb = 'x'") == kTableAccessDenied);
    CHECK(answer_to(entered, "DELETE FROM activity") == kTableAccessDenied);
  }
  administrator.run("GRANT UPDATE ON " + serving.schema + ".activity TO serving@localhost");
  Pool pool(serving);
  CHECK_FALSE(is_log_append_only(pool));
  CHECK(grant_serving_rights(database.pool(), serving));
}

TEST_CASE("rights that the owner cannot take back are told, and one account for both as well") {
  auto database = TestDatabase::fresh();
  CHECK_FALSE(grant_serving_rights(database.pool(), database.address()));
  CHECK_FALSE(is_log_append_only(database.pool()));
  Connection administrator(TestDatabase::server().address());
  auto serving = database.serving_address();
  administrator.run("CREATE USER wide@localhost");
  administrator.run("GRANT DELETE ON *.* TO wide@localhost");
  serving.user = "wide";
  CHECK_THROWS_WITH_AS(grant_serving_rights(database.pool(), serving),
                       doctest::Contains("revoke them"), Error);
  administrator.run("DROP USER wide@localhost");
}

TEST_CASE("an account with a quote in its name is granted its own rights") {
  auto database = TestDatabase::fresh();
  Connection administrator(TestDatabase::server().address());
  administrator.run("CREATE USER 'o''neill'@localhost");
  auto serving = database.address();
  serving.user = "o'neill";
  CHECK(grant_serving_rights(database.pool(), serving));
  Pool pool(serving);
  CHECK(is_log_append_only(pool));
  administrator.run("DROP USER 'o''neill'@localhost");
}
