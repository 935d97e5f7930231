// People who become known by a link in a mail.

#include <doctest/doctest.h>

#include "service/usecases/people/sign_in.h"
#include "service/usecases/people/sign_in_links.h"
#include "sql/pool.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;

namespace {

// The token of a new link to that mailbox.
std::string send_link(RegistrationWorld& world, const std::string& email) {
  const auto url = world.pool().transact([&](storage::Connection& connection) {
    usecases::LinkOrder order;
    order.email = email;
    return usecases::make_link(connection, world.environment(), order, domain::Language::pl).url;
  });
  return url.substr(url.rfind('/') + 1);
}

}  // namespace

// One connection, so that its kept statements run again.
TEST_CASE("one person after the other joins by a link and accepts the clause in force") {
  RegistrationWorld world({.size = 1});
  for (int number = 1; number <= 3; ++number) {
    const auto email = "nowa" + std::to_string(number) + "@urzad.example";
    usecases::LinkClaim claim;
    claim.full_name = "Nowa Osoba";
    claim.accepts_clause = true;
    const auto begun = usecases::use_link(world.environment(), world.visitor(),
                                          send_link(world, email), claim, {}, {});
    CAPTURE(describe(begun));
    REQUIRE(begun.ok());
  }
  const auto accepted = world.pool().read([](storage::Connection& connection) {
    const auto rows = connection.query(
        "SELECT COUNT(DISTINCT person_id), MIN(clause_version), MAX(clause_version) FROM "
        "clause_acceptance WHERE subject = 'account'",
        {});
    return std::vector{rows[0].integer(0), rows[0].integer(1), rows[0].integer(2)};
  });
  const auto clause = usecases::find_information_clause(world.environment());
  REQUIRE(clause);
  CHECK(accepted == std::vector<std::int64_t>{3, clause->version, clause->version});
}
