#include "service/usecases/slug.h"

#include <doctest/doctest.h>

using namespace narada::usecases;

TEST_CASE("an address is made of a title") {
  struct Row {
    std::string title;
    std::string slug;
  };
  const std::vector<Row> rows = {
      {"Zażółć gęślą jaźń", "zazolc-gesla-jazn"},
      {"ZAŻÓŁĆ GĘŚLĄ JAŹŃ", "zazolc-gesla-jazn"},
      {"  Łódź — 2027!  ", "lodz-2027"},
      {"„Jak uruchomić III miejsce?”", "jak-uruchomic-iii-miejsce"},
      {"Straße, Façade, Příbram", "strasse-facade-pribram"},
      {"2027", "spotkanie-2027"},
      {"", "spotkanie"},
      {"会议", "spotkanie"},
      {"\xFF\xC5", "spotkanie"},
      {"a/../b?c#d", "a-b-c-d"},
      {std::string(100, 'a'), std::string(80, 'a')},
      {std::string(50, 'a') + ' ' + std::string(50, 'b'), std::string(50, 'a')},
  };
  for (const Row& row : rows) {
    CAPTURE(row.title);
    const std::string slug = make_slug(row.title, "spotkanie");
    CHECK(slug == row.slug);
    CHECK(could_be_key(slug));
  }
}

TEST_CASE("a taken address gets the first free number") {
  CHECK(free_slug("a", {}) == "a");
  CHECK(free_slug("a", {"a-2"}) == "a");
  CHECK(free_slug("a", {"a"}) == "a-2");
  CHECK(free_slug("a", {"a", "a-2", "a-4"}) == "a-3");
  CHECK(free_slug("mapa", {}) == "mapa-2");
  CHECK(free_slug("zglos", {"zglos-2"}) == "zglos-3");
}

TEST_CASE("what has not the shape of a key is none") {
  for (const std::string& key : {std::string(""), std::string("A"), std::string("ł"),
                                 std::string("a b"), std::string("a\0", 2), std::string("\xFF"),
                                 std::string(161, 'a'), std::string("a%"), std::string("a_b")}) {
    CAPTURE(key);
    CHECK_FALSE(could_be_key(key));
  }
  CHECK(could_be_key(std::string(160, 'a')));
}
