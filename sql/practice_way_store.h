#pragma once

#include <vector>

#include "service/domain/practice_way.h"
#include "sql/connection.h"

namespace narada::storage {

// The newest first; one statement.
std::vector<domain::PracticeWay> list_practice_ways(Connection& connection);
std::vector<domain::StageCount> count_outcomes_by_stage(Connection& connection);
std::vector<domain::AdopterCount> count_adopters(Connection& connection);

}  // namespace narada::storage
