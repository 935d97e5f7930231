#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <string_view>

#include "tests/mail/delivering_child.h"

// Also the process that the tests kill while it delivers: `narada_mail_tests deliver …`.
int main(int count, char** arguments) {
  if (count > 1 && std::string_view(arguments[1]) == "deliver") {
    return narada::testing::deliver_until_killed({arguments + 2, arguments + count});
  }
  return doctest::Context(count, arguments).run();
}
