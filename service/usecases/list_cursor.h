#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/domain/time.h"
#include "service/usecases/lists.h"

namespace narada::usecases {

// The place after which a list goes on: the sort key and the id of the last item of a page.
struct ListCursor {
  std::string list;  // which list, so that one list's cursor is none for another
  std::string key;
  std::int64_t id = 0;
  friend bool operator==(const ListCursor&, const ListCursor&) = default;
};

// base64url of the three parts and a checksum against slips. It is no secret and gives no rights: a
// forged one starts the page at another place of the same list.
std::string to_text(const ListCursor& cursor);
// Absent: not made by to_text, or of another list.
std::optional<ListCursor> find_cursor(const std::optional<std::string>& text,
                                      std::string_view list);

// Instants as sort keys: seconds since 1970. Absent for what is none or lies beyond the year 9999.
std::string to_cursor_key(domain::Instant instant);
std::optional<domain::Instant> find_instant(const std::string& key);

inline int clamp_limit(int limit) { return limit < 1 ? 1 : limit > 200 ? 200 : limit; }

// Of limit + 1 rows read: the page, with the cursor of its last item when there is a row more.
template <class T, class CursorOf>
PageOf<T> make_page(std::vector<T> rows, int limit, CursorOf cursor_of) {
  PageOf<T> page;
  const auto size = static_cast<std::size_t>(limit);
  if (rows.size() > size) {
    rows.resize(size);
    page.next = to_text(cursor_of(rows.back()));
  }
  page.items = std::move(rows);
  return page;
}

}  // namespace narada::usecases
