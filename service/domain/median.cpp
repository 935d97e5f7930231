#include "service/domain/median.h"

#include <algorithm>

namespace narada::domain {

std::optional<int> median(std::vector<int> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const auto middle = values.size() / 2;
  if (values.size() % 2 == 1) return values[middle];
  const int sum = values[middle - 1] + values[middle];
  return sum >= 0 ? sum / 2 : -((1 - sum) / 2);
}

}  // namespace narada::domain
