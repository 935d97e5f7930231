// A connection that asks for TLS has it, from the right server, or is none at all.
#include <cppconn/resultset.h>
#include <cppconn/statement.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <mysql_connection.h>
#include <mysql_driver.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "sql/connection.h"
#include "sql/error.h"
#include "tests/support/database.h"

using namespace narada::storage;
using narada::testing::DatabaseServer;

namespace {

// Two authorities, and a certificate of the first for 127.0.0.1 and for another host.
class Certificates {
 public:
  Certificates() {
    std::string name = std::filesystem::temp_directory_path() / "narada-tls-XXXXXX";
    folder_ = mkdtemp(name.data());
    make(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
        " -subj '/CN=Test authority' -keyout ca-key.pem -out ca.pem");
    make(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
        " -subj '/CN=Other authority' -keyout other-key.pem -out other-ca.pem");
    issue("here", "127.0.0.1", "IP:127.0.0.1");
    issue("elsewhere", "db.example", "DNS:db.example");
  }
  ~Certificates() { std::filesystem::remove_all(folder_); }
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  std::string path(const std::string& file) const { return folder_ / file; }
  std::vector<std::string> arguments(const std::string& name) const {
    return {"--ssl-ca=" + path("ca.pem"), "--ssl-cert=" + path(name + ".pem"),
            "--ssl-key=" + path(name + "-key.pem")};
  }

 private:
  void issue(const std::string& name, const std::string& host, const std::string& alternative) {
    make(
        fmt::format("openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
                    " -subj '/CN={1}' -keyout {0}-key.pem -out {0}.csr"
                    " && printf 'subjectAltName={2}' > {0}.ext"
                    " && openssl x509 -req -in {0}.csr -CA ca.pem -CAkey ca-key.pem"
                    " -CAcreateserial -days 2 -extfile {0}.ext -out {0}.pem",
                    name, host, alternative));
  }
  void make(const std::string& command) {
    const std::string all = fmt::format("cd '{}' && ({}) 2>openssl.log", folder_.string(), command);
    REQUIRE(std::system(all.c_str()) == 0);
  }

  std::filesystem::path folder_;
};

// A server on 127.0.0.1 with a user that may come from there.
struct NetworkServer {
  explicit NetworkServer(std::vector<std::string> arguments)
      : port(narada::testing::free_port()), server(std::move(arguments), port) {
    Connection administrator(server.address());
    administrator.run("CREATE USER app@'127.0.0.1' IDENTIFIED BY 'secret'");
  }
  DatabaseAddress address(const std::string& ca_file) const {
    DatabaseAddress address;
    address.hosts = {{"127.0.0.1", port}};
    address.user = "app";
    address.password = "secret";
    address.ca_file = ca_file;
    return address;
  }

  std::uint16_t port;
  DatabaseServer server;
};

// How the session is enciphered; empty: not at all.
std::string cipher(Connection& connection) {
  return connection.query("SHOW SESSION STATUS LIKE 'Ssl_cipher'")[0].text(1);
}

std::string naive_cipher(const NetworkServer& place, sql::ConnectOptionsMap options) {
  options["hostName"] = sql::SQLString("tcp://127.0.0.1");
  options["port"] = static_cast<int>(place.port);
  options["userName"] = sql::SQLString("app");
  options["password"] = sql::SQLString("secret");
  const std::unique_ptr<sql::Connection> session(
      sql::mysql::get_mysql_driver_instance()->connect(options));
  const std::unique_ptr<sql::Statement> statement(session->createStatement());
  const std::unique_ptr<sql::ResultSet> rows(
      statement->executeQuery("SHOW SESSION STATUS LIKE 'Ssl_cipher'"));
  rows->next();
  return rows->getString(2);
}

int refusal(const DatabaseAddress& address) {
  try {
    Connection connection(address);
    return 0;
  } catch (const Unavailable& error) {
    return error.code();
  }
}

}  // namespace

TEST_CASE("trap: TLS that is asked for falls back to a connection in the clear") {
  const Certificates certificates;
  const NetworkServer plain({"--skip-ssl"});

  sql::ConnectOptionsMap required;
  required["OPT_SSL_MODE"] = sql::SSL_MODE_REQUIRED;
  CHECK(naive_cipher(plain, required) == "");
  sql::ConnectOptionsMap enforced;
  enforced["sslEnforce"] = true;
  enforced["sslCA"] = sql::SQLString(certificates.path("ca.pem"));
  CHECK(naive_cipher(plain, enforced) == "");

  CHECK(refusal(plain.address(certificates.path("ca.pem"))) == 2026);
  Connection open(plain.address(""));  // nobody asked for TLS
  CHECK(cipher(open) == "");
}

TEST_CASE("TLS is given by the server of the right authority and name only") {
  const Certificates certificates;
  const NetworkServer here(certificates.arguments("here"));
  {
    Connection connection(here.address(certificates.path("ca.pem")));
    CHECK(cipher(connection) != "");
  }
  CHECK(refusal(here.address(certificates.path("other-ca.pem"))) == 2026);
  CHECK(refusal(here.address(certificates.path("missing.pem"))) == 2026);

  const NetworkServer elsewhere(certificates.arguments("elsewhere"));
  CHECK(refusal(elsewhere.address(certificates.path("ca.pem"))) == 2026);
}
