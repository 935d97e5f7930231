#pragma once

#include <optional>
#include <vector>

namespace narada::domain {

// The middle one in order; of an even number the mean of the two in the middle, rounded down.
// Absent without any.
std::optional<int> median(std::vector<int> values);

}  // namespace narada::domain
