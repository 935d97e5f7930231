#pragma once

#include <string>
#include <vector>

#include "service/usecases/environment.h"

namespace narada::usecases {

// One acceptance of the information clause, with what it was accepted for.
struct AcceptedClause {
  int version = 0;
  std::string subject;  // "registration:45", "account"
  std::string title;    // of the meeting or the cycle; empty for an account
  domain::Instant accepted_at{};
};
// Of one person, the latest first.
std::vector<AcceptedClause> list_accepted_clauses(const Environment&, domain::PersonId);

}  // namespace narada::usecases
