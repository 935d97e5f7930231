#include <doctest/doctest.h>

#include "sql/connection.h"
#include "sql/error.h"
#include "sql/pool.h"
#include "tests/support/database.h"

using namespace narada::storage;
using narada::testing::DatabaseServer;
using narada::testing::free_port;

namespace {

void add_user(const DatabaseServer& server) {
  Connection administrator(server.address());
  administrator.run("CREATE USER app@'127.0.0.1' IDENTIFIED BY 'secret'");
  administrator.run("CREATE DATABASE narada");
  administrator.run("GRANT ALL ON narada.* TO app@'127.0.0.1'");
}

std::int64_t port_of(Connection& connection) {
  return connection.query("SELECT @@port")[0].integer(0);
}

}  // namespace

TEST_CASE("a session is opened on the first host that answers and takes writes") {
  const std::uint16_t dead_port = free_port();
  const std::uint16_t first_port = free_port();
  const std::uint16_t second_port = free_port();
  DatabaseServer first({}, first_port);
  DatabaseServer second({}, second_port);
  add_user(first);
  add_user(second);
  DatabaseAddress address;
  address.hosts = {{"127.0.0.1", dead_port}, {"127.0.0.1", first_port}, {"127.0.0.1", second_port}};
  address.user = "app";
  address.password = "secret";
  address.schema = "narada";

  Pool pool(address, {.size = 2});
  CHECK(pool.read(port_of) == first_port);

  SUBCASE("a host that became read-only is left at the first write") {
    Connection(second.address()).run("CREATE TABLE narada.word (id BIGINT PRIMARY KEY)");
    Connection administrator(first.address());
    administrator.run("CREATE TABLE narada.word (id BIGINT PRIMARY KEY)");
    administrator.run("SET GLOBAL read_only = ON");
    const auto written_to = pool.transact([](Connection& connection) {
      connection.execute("INSERT INTO word (id) VALUES (?)", {1});
      return port_of(connection);
    });
    CHECK(written_to == second_port);
  }
  SUBCASE("a host that died is left") {
    first.kill_hard();
    CHECK(pool.read(port_of) == second_port);
    CHECK(pool.transact(port_of) == second_port);
  }
  SUBCASE("a wrong password is not tried elsewhere") {
    address.password = "wrong";
    try {
      const Connection connection(address);
      FAIL("connected with a wrong password");
    } catch (const Error& error) {
      CHECK(error.code() == 1045);
    }
  }
}
