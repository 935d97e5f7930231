#include <doctest/doctest.h>

#include "sql/error.h"
#include "sql/migrations.h"

using narada::storage::Error;
using narada::storage::split_statements;

TEST_CASE("a migration file splits at its semicolons and nowhere else") {
  struct Case {
    const char* name;
    const char* text;
    std::vector<std::string> statements;
  };
  const Case cases[] = {
      {"nothing", "", {}},
      {"only space and semicolons", " ;\n;;\t", {}},
      {"one without semicolon", "SELECT 1", {"SELECT 1"}},
      {"one with semicolon", "SELECT 1;\n", {"SELECT 1"}},
      {"two", "SELECT 1;SELECT 2;", {"SELECT 1", "SELECT 2"}},
      {"line comment", "-- a; b\nSELECT 1; -- c\n", {"SELECT 1"}},
      {"line comment at the end of the file", "SELECT 1;\n--", {"SELECT 1"}},
      {"line comment without end of line", "SELECT 1 -- a", {"SELECT 1"}},
      {"two minus signs are arithmetic", "SELECT 1--2", {"SELECT 1--2"}},
      {"hash comment", "# a; b\nSELECT 1", {"SELECT 1"}},
      {"block comment", "SELECT /* a; b */ 1", {"SELECT   1"}},
      {"block comment parts words", "SELECT/**/1", {"SELECT 1"}},
      {"code for the server", "SELECT /*! 1; */ 2", {"SELECT /*! 1; */ 2"}},
      {"code for MariaDB", "SELECT /*M! 1 */ 2", {"SELECT /*M! 1 */ 2"}},
      {"single quotes", "SELECT 'a;-- # /* b';SELECT 2", {"SELECT 'a;-- # /* b'", "SELECT 2"}},
      {"double quotes", "SELECT \"a;b\"", {"SELECT \"a;b\""}},
      {"backquotes", "SELECT `a;\\`;SELECT 2", {"SELECT `a;\\`", "SELECT 2"}},
      {"doubled quote", "SELECT 'a'';b'", {"SELECT 'a'';b'"}},
      {"escaped quote", "SELECT 'a\\';b'", {"SELECT 'a\\';b'"}},
      {"escaped backslash", "SELECT 'a\\\\';SELECT 'b'", {"SELECT 'a\\\\'", "SELECT 'b'"}},
      {"quote in a comment", "-- it's\nSELECT 1", {"SELECT 1"}},
      {"windows line ends", "SELECT 1;\r\nSELECT\r\n2;\r\n", {"SELECT 1", "SELECT\r\n2"}},
      {"other scripts", "SELECT 'żółć; 👩‍👧'", {"SELECT 'żółć; 👩‍👧'"}},
  };
  for (const Case& c : cases) {
    CAPTURE(std::string(c.name));
    CHECK(split_statements(c.text) == c.statements);
  }
}

TEST_CASE("a migration file with an open end is refused") {
  for (const char* text :
       {"SELECT 'a", "SELECT \"a", "SELECT `a", "SELECT 1 /* a", "SELECT 'a\\'", "SELECT '\\"}) {
    CAPTURE(std::string(text));
    CHECK_THROWS_AS(split_statements(text), Error);
  }
}
