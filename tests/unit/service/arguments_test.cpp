#include "service/arguments.h"

#include <doctest/doctest.h>

using narada::parse_arguments;
using narada::UsageError;

TEST_CASE("options take their value from the same or the next word, operands stay in order") {
  const auto arguments = parse_arguments(
      {"a.csv", "--role", "admin", "--name=Jan Nowak", "--", "--b"}, {"role", "name"});
  CHECK(arguments.operands == std::vector<std::string>{"a.csv", "--b"});
  CHECK(arguments.required("role") == "admin");
  CHECK(arguments.find("name") == "Jan Nowak");
  CHECK(!arguments.find("email"));
}

TEST_CASE("an unknown option, a missing value and a missing option are errors of usage") {
  CHECK_THROWS_WITH_AS(parse_arguments({"--rol", "x"}, {"role"}), "unknown option --rol",
                       UsageError);
  CHECK_THROWS_WITH_AS(parse_arguments({"--role"}, {"role"}), "--role needs a value", UsageError);
  CHECK_THROWS_WITH_AS((void)parse_arguments({}, {"role"}).required("role"), "--role is missing",
                       UsageError);
}
