#pragma once

#include <string>
#include <vector>

#include "sql/connection.h"

namespace narada::testing {

// Asks the database for everything that contradicts the rules of registration, one line each:
// counters against rows, capacity, places left free while somebody waits, order of the line,
// activity rows against mails, links against mails, SEQUENCE of each person's calendar messages
// against their facts.
std::vector<std::string> find_rule_violations(storage::Connection& connection);

}  // namespace narada::testing
