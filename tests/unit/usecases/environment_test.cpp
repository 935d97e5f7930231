#include "service/usecases/environment.h"

#include <doctest/doctest.h>

#include <set>

using namespace narada::usecases;

TEST_CASE("tokens are 256 bit in base64url, each another") {
  std::set<std::string> tokens;
  for (int turn = 0; turn < 100; ++turn) {
    const std::string token = make_token();
    CHECK(token.size() == 43);
    CHECK(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                  "-_") == std::string::npos);
    tokens.insert(token);
  }
  CHECK(tokens.size() == 100);
}

TEST_CASE("a token is hashed by SHA-256") {
  // FIPS 180-2, appendix B.1.
  const char expected[] =
      "\xBA\x78\x16\xBF\x8F\x01\xCF\xEA\x41\x41\x40\xDE\x5D\xAE\x22\x23"
      "\xB0\x03\x61\xA3\x96\x17\x7A\x9C\xB4\x10\xFF\x61\xF2\x00\x15\xAD";
  CHECK(hash_token("abc") == std::string(expected, 32));
}

TEST_CASE("a calendar UID is a random UUID at the host of the service") {
  struct Row {
    const char* base_url;
    const char* host;
  };
  for (const Row& row :
       {Row{"https://narada.example", "narada.example"}, Row{"http://127.0.0.1:8080", "127.0.0.1"},
        Row{"https://narada.example/path", "narada.example"}, Row{"", "localhost"}}) {
    CAPTURE(row.base_url);
    Environment environment;
    environment.base_url = row.base_url;
    const std::string uid = make_uid(environment);
    REQUIRE(uid.size() > 37);
    CHECK(uid.substr(37) == row.host);
    CHECK(uid[14] == '4');
    CHECK(std::string("89ab").find(uid[19]) != std::string::npos);
    CHECK(uid != make_uid(environment));
  }
}

TEST_CASE("an actor's text names kind and id") {
  CHECK(Actor{}.text() == "anonymous");
  CHECK(Actor{Actor::Kind::token, 3, {{Role::admin, {}}}}.text() == "token:3");
  CHECK(Actor{Actor::Kind::person, 12, {}}.text() == "person:12");
  CHECK(Actor{Actor::Kind::manage, 45, {}}.text() == "manage:45");
  CHECK(Actor{Actor::Kind::system, 0, {}}.text() == "system");
}

TEST_CASE("roles have the names of the interface") {
  for (const Role role :
       {Role::admin, Role::organizer, Role::expert, Role::coordinator, Role::official}) {
    CHECK(find_role(to_string(role)) == role);
  }
  CHECK(to_string(Role::coordinator) == "coordinator");
  CHECK_FALSE(find_role("root"));
}
