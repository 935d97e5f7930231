#include "service/http/edge/entity_tag.h"

#include <doctest/doctest.h>

namespace narada::http::edge {
namespace {

TEST_CASE("If-None-Match is a list compared weakly") {
  for (const auto* same :
       {"\"a\"", "W/\"a\"", "\"b\", \"a\"", "\"b\",W/\"a\"", "*", " , \"a\"", "\"x,y\", \"a\""}) {
    CAPTURE(std::string(same));
    CHECK(etag_matches(same, "\"a\""));
    CHECK(etag_matches(same, "W/\"a\""));
  }
  for (const auto* other : {"", "\"b\"", "a", "\"a", "\"aa\"", "\"A\"", "x, \"a\"", "W/a", "\""}) {
    CAPTURE(std::string(other));
    CHECK_FALSE(etag_matches(other, "\"a\""));
  }
}

TEST_CASE("a client that has the page gets 304 without it") {
  Request request;
  auto fresh = text_response(200, "hello");
  apply_etag(request, fresh, "\"a\"");
  CHECK(fresh.status == 200);
  CHECK(fresh.headers.back() == std::pair<std::string, std::string>("ETag", "\"a\""));

  request.headers.emplace_back("if-none-match", "\"a\"");
  auto known = text_response(200, "hello");
  apply_etag(request, known, "\"a\"");
  CHECK(known.status == 304);
  CHECK(known.body_text().empty());

  request.method = Method::post;
  auto posted = text_response(200, "hello");
  apply_etag(request, posted, "\"a\"");
  CHECK(posted.status == 200);

  request.method = Method::get;
  auto missing = text_response(404, "no");
  apply_etag(request, missing, "\"a\"");
  CHECK(missing.status == 404);
}

}  // namespace
}  // namespace narada::http::edge
