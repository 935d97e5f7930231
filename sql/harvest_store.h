#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/harvest.h"
#include "sql/connection.h"

namespace narada::storage {

// Practices that are or have been published, as others harvest them. Ordered by changed_at and id;
// two statements.
std::vector<domain::HarvestedPractice> list_harvest(Connection& connection,
                                                    const domain::HarvestSelection& selection);
std::int64_t count_harvest(Connection& connection, const domain::HarvestSelection& selection);
std::optional<domain::HarvestedPractice> find_harvested(Connection& connection,
                                                        domain::PracticeId id);
// Absent: nothing has ever been published.
std::optional<domain::Instant> find_earliest_change(Connection& connection);

}  // namespace narada::storage
