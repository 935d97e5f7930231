#pragma once

#include <string>
#include <vector>

#include "service/domain/permissions.h"
#include "sql/connection.h"

namespace narada::storage {

// A part of a WHERE clause with its parameters in order.
struct Condition {
  std::string sql;
  std::vector<Parameter> parameters;
};

// That a row is covered by one of the scopes of a reach. TRUE for everything, FALSE for nothing.
Condition meeting_within(const domain::Reach& reach);   // of a meeting named m
Condition cycle_within(const domain::Reach& reach);     // of a cycle named c
Condition practice_within(const domain::Reach& reach);  // of a practice named p

}  // namespace narada::storage
