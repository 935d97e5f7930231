#include "sql/driver_error.h"

#include <doctest/doctest.h>

using namespace narada::storage;

TEST_CASE("an error number tells whether to run again, elsewhere or not at all") {
  struct Case {
    int code;
    Trouble trouble;
    bool lost;
    bool stale;
  };
  const Case cases[] = {
      {0, Trouble::other, false, false},          {1062, Trouble::duplicate, false, false},
      {1213, Trouble::conflict, false, false},    {1205, Trouble::conflict, false, false},
      {1020, Trouble::conflict, false, false},    {1615, Trouble::conflict, false, true},
      {2057, Trouble::conflict, false, true},     {2030, Trouble::conflict, false, true},
      {1040, Trouble::unavailable, false, false}, {1047, Trouble::unavailable, true, false},
      {1053, Trouble::unavailable, true, false},  {1290, Trouble::unavailable, true, false},
      {1927, Trouble::unavailable, true, false},  {2002, Trouble::unavailable, true, false},
      {2003, Trouble::unavailable, true, false},  {2006, Trouble::unavailable, true, false},
      {2013, Trouble::unavailable, true, false},  {2026, Trouble::unavailable, true, false},
      {4031, Trouble::unavailable, true, false},  {2014, Trouble::other, true, false},
      {1045, Trouble::other, false, false},       {1049, Trouble::other, false, false},
      {1064, Trouble::other, false, false},       {1406, Trouble::other, false, false},
      {1452, Trouble::other, false, false},       {1969, Trouble::other, false, false},
      {4025, Trouble::other, false, false},
  };
  for (const Case& c : cases) {
    CAPTURE(c.code);
    CHECK((classify(c.code) == c.trouble));
    CHECK(session_lost(c.code) == c.lost);
    CHECK(statements_stale(c.code) == c.stale);
  }
}

TEST_CASE("an error keeps its number and shows the statement, cut short") {
  const sql::SQLException gone("server has gone away", "HY000", 2006);
  const std::string statement = "SELECT " + std::string(1000, 'x');
  try {
    throw_storage_error(gone, statement);
  } catch (const Unavailable& error) {
    CHECK(error.code() == 2006);
    CHECK(std::string(error.what()) ==
          "server has gone away (error 2006) in: " + statement.substr(0, 200));
  }
}
