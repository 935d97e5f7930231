#include "service/usecases/list_cursor.h"

#include <doctest/doctest.h>

using namespace narada;
using namespace narada::usecases;

TEST_CASE("a cursor comes back as it was, for its own list only") {
  for (const std::string& key : {std::string(""), std::string("1800000000"), std::string("Żory")}) {
    CAPTURE(key);
    const ListCursor cursor{"meetings", key, 4711};
    const std::string text = to_text(cursor);
    CHECK(is_cursor(text));
    CHECK(find_cursor(text, "meetings") == cursor);
    CHECK_FALSE(find_cursor(text, "cycles"));
  }
  CHECK_FALSE(find_cursor(std::nullopt, "meetings"));
}

TEST_CASE("a cursor with any one character changed, added or left out is none") {
  const std::string text = to_text({"meetings", "1800000000", 4711});
  for (std::size_t at = 0; at < text.size(); ++at) {
    CAPTURE(at);
    std::string changed = text;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    CHECK_FALSE(is_cursor(changed));
    CHECK_FALSE(is_cursor(text.substr(0, at)));
  }
  CHECK_FALSE(is_cursor(text + 'A'));
  CHECK_FALSE(is_cursor(text + '='));
  CHECK_FALSE(is_cursor(' ' + text));
}

TEST_CASE("an instant as a key of a cursor stays within what a database holds") {
  const domain::Instant instant{std::chrono::seconds{1800000000}};
  CHECK(find_instant(to_cursor_key(instant)) == instant);
  for (const char* key : {"", "x", "1x", "-1", "253402300800", "99999999999999999999"}) {
    CAPTURE(key);
    CHECK_FALSE(find_instant(key));
  }
}

TEST_CASE("a page is cut at its limit and says what follows") {
  const auto cursor_of = [](int last) { return ListCursor{"numbers", "", last}; };
  const auto full = make_page(std::vector<int>{1, 2, 3}, 2, cursor_of);
  CHECK(full.items == std::vector<int>{1, 2});
  CHECK(find_cursor(full.next, "numbers")->id == 2);
  const auto last = make_page(std::vector<int>{1, 2}, 2, cursor_of);
  CHECK(last.items == std::vector<int>{1, 2});
  CHECK_FALSE(last.next);
  CHECK(clamp_limit(-5) == 1);
  CHECK(clamp_limit(30) == 30);
  CHECK(clamp_limit(1000) == 200);
}
