#pragma once

#include <string_view>
#include <vector>

#include "sql/connection.h"

namespace narada::storage {

// Inserts the rows with few statements: `head` is "INSERT INTO t (a, b) VALUES ", `row` is
// "(?, ?)". Batches have few different sizes, so that the statements stay in the connection's
// cache.
void insert_rows(Connection& connection, std::string_view head, std::string_view row,
                 const std::vector<std::vector<Parameter>>& rows);

}  // namespace narada::storage
