#pragma once

#include <optional>
#include <string>
#include <vector>

namespace narada::usecases {

// Keyset paging: `cursor` is opaque, from the `next` of the page before.
struct PageRequest {
  int limit = 50;  // 1..200
  std::optional<std::string> cursor;
};

template <class T>
struct PageOf {
  std::vector<T> items;
  std::optional<std::string> next;  // absent: this is the last page
};

}  // namespace narada::usecases
