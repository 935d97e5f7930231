#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "service/domain/time.h"
#include "sql/connection.h"

namespace narada::storage {

// Takes one from an allowance of which `burst` may be taken at once and one more every `every`; one
// row and one statement (generic cell rate algorithm: the row holds when the allowance will be
// whole again). `key` is a digest of 32 bytes. Absent when it was there; else when there will be
// one. Each call counts by itself, in a transaction or not: call it outside of one, so that what
// was refused stays counted. Throws Conflict when another call was faster.
std::optional<domain::Instant> take_allowance(Connection& connection, std::string_view key,
                                              int burst, std::chrono::milliseconds every,
                                              domain::Instant now);

// Removes the rows of allowances that are whole again, which say as much as none; how many.
int purge_allowances(Connection& connection, domain::Instant now);

}  // namespace narada::storage
