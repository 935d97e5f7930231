#include "service/usecases/people/accepted_clauses.h"

#include "service/usecases/operations.h"
#include "sql/privacy_store.h"

namespace narada::usecases {

std::vector<AcceptedClause> list_accepted_clauses(const Environment& environment,
                                                  domain::PersonId person) {
  const auto stored = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_acceptances(connection, person);
  });
  std::vector<AcceptedClause> accepted;
  for (const auto& one : stored)
    accepted.push_back({one.version, one.subject, one.title, one.accepted_at});
  return accepted;
}

}  // namespace narada::usecases
