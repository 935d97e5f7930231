#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace narada::usecases {

// Keyset paging: `cursor` is opaque, from the `next` of the page before. A list function takes a
// limit outside 1..200 for the nearest bound, and a cursor that is none, or another list's, for the
// first page: who answers a client checks both first.
struct PageRequest {
  int limit = 50;  // 1..200
  std::optional<std::string> cursor;
};

template <class T>
struct PageOf {
  std::vector<T> items;
  std::optional<std::string> next;  // absent: this is the last page
};

// Whether some list of this program made this text. False for one that was cut or changed.
bool is_cursor(std::string_view text);

}  // namespace narada::usecases
