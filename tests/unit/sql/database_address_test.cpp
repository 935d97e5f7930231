#include <doctest/doctest.h>

#include <stdexcept>

#include "sql/connection.h"

using narada::storage::DatabaseAddress;
using narada::storage::parse_database_address;

namespace {

using Hosts = std::vector<std::pair<std::string, std::uint16_t>>;

bool same(const DatabaseAddress& a, const DatabaseAddress& b) {
  return a.hosts == b.hosts && a.socket == b.socket && a.user == b.user &&
         a.password == b.password && a.schema == b.schema && a.ca_file == b.ca_file;
}

}  // namespace

TEST_CASE("a database address names hosts or a socket, a user and a schema") {
  struct Case {
    const char* url;
    DatabaseAddress address;
  };
  const Case cases[] = {
      {"mysql://narada:secret@db.example/narada",
       {{{"db.example", 3306}}, "", "narada", "secret", "narada", ""}},
      {"mysql://narada@db.example:3307/narada",
       {{{"db.example", 3307}}, "", "narada", "", "narada", ""}},
      {"mysql://u:p@one,two:3307,three:1/n?ca=/etc/ca.pem",
       {{{"one", 3306}, {"two", 3307}, {"three", 1}}, "", "u", "p", "n", "/etc/ca.pem"}},
      {"mysql://narada@localhost/narada?socket=/run/db/socket",
       {{{"localhost", 3306}}, "/run/db/socket", "narada", "", "narada", ""}},
      {"mysql://u@localhost/n?socket=/a%20b%23c%3Fd%26e%25",
       {{{"localhost", 3306}}, "/a b#c?d&e%", "u", "", "n", ""}},
      {"mysql://na%40me:p%3Aa%2Fs%40s@h/n", {{{"h", 3306}}, "", "na@me", "p:a/s@s", "n", ""}},
      {"mysql://u:p@ss@h/n", {{{"h", 3306}}, "", "u", "p@ss", "n", ""}},
      {"mysql://u:a:b@h/n", {{{"h", 3306}}, "", "u", "a:b", "n", ""}},
      {"mysql://u@[::1]:3307,[fe80::2]/n",
       {{{"::1", 3307}, {"fe80::2", 3306}}, "", "u", "", "n", ""}},
      {"mysql://u@h/n?", {{{"h", 3306}}, "", "u", "", "n", ""}},
  };
  for (const Case& c : cases) {
    CAPTURE(std::string(c.url));
    CHECK(same(parse_database_address(c.url), c.address));
  }
}

TEST_CASE("a wrong database address is refused in one line without the password") {
  for (const char* url : {"",
                          "narada",
                          "http://u:secret@h/n",
                          "mysql:u:secret@h/n",
                          "mysql://u:secret@h",
                          "mysql://u:secret@h/",
                          "mysql://h/n",
                          "mysql://@h/n",
                          "mysql://:secret@h/n",
                          "mysql://u:secret@/n",
                          "mysql://u:secret@h:/n",
                          "mysql://u:secret@h:0/n",
                          "mysql://u:secret@h:65536/n",
                          "mysql://u:secret@h:1x/n",
                          "mysql://u:secret@h:-1/n",
                          "mysql://u:secret@h,/n",
                          "mysql://u:secret@,h/n",
                          "mysql://u:secret@[::1/n",
                          "mysql://u:secret@[::1]x/n",
                          "mysql://u:secret@[::1]:/n",
                          "mysql://u:secret@h/n?ca",
                          "mysql://u:secret@h/n?ca=",
                          "mysql://u:secret@h/n?CA=/x",
                          "mysql://u:secret@h/n?tls=1",
                          "mysql://u:secret@h/n?&",
                          "mysql://u:secret@h/n?socket=/s&ca=/c",
                          "mysql://u:secret%@h/n",
                          "mysql://u:secret%4@h/n",
                          "mysql://u:secret%zz@h/n",
                          "mysql://u:secret%00@h/n",
                          "mysql://u:secret%0a@h/n",
                          "mysql://u:secret\n@h/n",
                          "mysql://u:secret%+1@h/n"}) {
    CAPTURE(std::string(url));
    std::string message;
    try {
      parse_database_address(url);
    } catch (const std::invalid_argument& error) {
      message = error.what();
    }
    CHECK(message.find("database address") != std::string::npos);
    CHECK(message.find("secret") == std::string::npos);
    CHECK(message.find('\n') == std::string::npos);
  }
}
