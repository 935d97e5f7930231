#pragma once

#include <optional>
#include <vector>

#include "service/domain/recess.h"
#include "sql/connection.h"

namespace narada::storage {

inline constexpr int kMostRecesses = 2000;  // listed at once

// Those that take part of the days from `from` to `to`, by their first day, title and institution.
std::vector<domain::Recess> list_recesses(Connection& connection, domain::Date from,
                                          domain::Date to);
// The same, of these institutions and of everybody.
std::vector<domain::Recess> list_recesses_of(
    Connection& connection, domain::Date from, domain::Date to,
    const std::vector<domain::InstitutionId>& institutions);
std::optional<domain::Recess> lock_recess(Connection& connection, domain::RecessId id);
domain::RecessId insert_recess(Connection& connection, const domain::Recess& recess,
                               domain::Instant now);
// Whether somebody has written down the same days of the same institution under the same title.
bool has_recess(Connection& connection, const domain::Recess& recess);
void delete_recess(Connection& connection, domain::RecessId id);

}  // namespace narada::storage
