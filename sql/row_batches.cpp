#include "sql/row_batches.h"

#include <array>
#include <span>
#include <string>

namespace narada::storage {

void insert_rows(Connection& connection, std::string_view head, std::string_view row,
                 const std::vector<std::vector<Parameter>>& rows) {
  constexpr std::array<std::size_t, 3> kBatchSizes{64, 8, 1};
  std::span<const std::vector<Parameter>> left(rows);
  for (const std::size_t size : kBatchSizes) {
    for (; left.size() >= size; left = left.subspan(size)) {
      std::string sql(head);
      std::vector<Parameter> parameters;
      for (std::size_t index = 0; index < size; ++index) {
        sql += index == 0 ? "" : ", ";
        sql += row;
        parameters.insert(parameters.end(), left[index].begin(), left[index].end());
      }
      connection.execute(sql, parameters);
    }
  }
}

}  // namespace narada::storage
