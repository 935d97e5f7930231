#include "service/http/edge/url_encoding.h"

#include <doctest/doctest.h>

namespace narada::http::edge {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct EncodedPath {
  std::string encoded;
  std::optional<std::string> path;
};

std::vector<EncodedPath> encoded_paths() {
  return {
      {"/", "/"},
      {"/a/b", "/a/b"},
      {"/Gda%C5%84sk", "/Gdańsk"},
      {"/a%2525", "/a%25"},
      {"/a+b", "/a+b"},
      {"/...", "/..."},
      {"/a..b/.c", "/a..b/.c"},
      {"/%F0%9F%98%80", "/😀"},
      {"", std::nullopt},
      {"a", std::nullopt},
      {"/%", std::nullopt},
      {"/%4", std::nullopt},
      {"/%g0", std::nullopt},
      {"/%00", std::nullopt},
      {"/%09", std::nullopt},
      {"/%0A", std::nullopt},
      {"/%7f", std::nullopt},
      {"/%C2%85", std::nullopt},
      {"/%ff", std::nullopt},
      {"/%C0%AF", std::nullopt},
      {"/%ED%A0%80", std::nullopt},
      {"/%F4%90%80%80", std::nullopt},
      {"/%E0%9F%BF", std::nullopt},
      {"/%C5", std::nullopt},
      {"/..", std::nullopt},
      {"/a/../b", std::nullopt},
      {"/a/%2e%2E/b", std::nullopt},
      {"/a/.", std::nullopt},
      {"/a%2f..", std::nullopt},
  };
}

TEST_CASE("paths are decoded once or not at all") {
  for (const auto& row : encoded_paths()) {
    CAPTURE(row.encoded);
    const bool same = decode_path(row.encoded) == row.path;
    CHECK(same);
  }
}

TEST_CASE("queries keep order and duplicates") {
  const auto query = decode_query("b=1&a=x+y%2B&&b=&c&=d");
  REQUIRE(query);
  CHECK(*query == Fields{{"b", "1"}, {"a", "x y+"}, {"b", ""}, {"c", ""}, {"", "d"}});
  CHECK(*decode_query("") == Fields{});
  for (const auto* bad : {"a=%", "%ff=1", "a=%00", "a=%0d%0a", "a=1&b=%zz"}) {
    CAPTURE(std::string(bad));
    CHECK_FALSE(decode_query(bad));
  }
}

}  // namespace
}  // namespace narada::http::edge
