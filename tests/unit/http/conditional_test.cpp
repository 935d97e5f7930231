#include "service/http/conditional.h"

#include <doctest/doctest.h>

#include "service/http/response_headers.h"

using namespace narada::http;

TEST_CASE("If-None-Match covers a tag weakly, in lists, and in its gzip form") {
  struct Row {
    const char* header;
    const char* tag;
    bool matches;
  };
  const Row rows[] = {{"\"a\"", "\"a\"", true},      {"W/\"a\"", "\"a\"", true},
                      {"\"a\"", "W/\"a\"", true},    {"\"b\", \"a\"", "\"a\"", true},
                      {"\"a-gzip\"", "\"a\"", true}, {"\"a\"", "\"a-gzip\"", true},
                      {"*", "\"a\"", true},          {"*", "", false},
                      {"", "\"a\"", false},          {"\"b\"", "\"a\"", false},
                      {"a", "\"a\"", false},         {"\"", "\"a\"", false},
                      {"\"\"", "\"\"", false},       {",,,", "\"a\"", false}};
  for (const Row& row : rows) {
    CAPTURE(row.header);
    CAPTURE(row.tag);
    CHECK(matches_any(row.header, row.tag) == row.matches);
  }
}

TEST_CASE("If-Match gives the version of our own strong tags and of nothing else") {
  CHECK(find_version(version_tag(17, "body")) == 17);
  CHECK(find_version(gzip_tag(version_tag(17, "body"))) == 17);
  CHECK(find_version("\"v3\"") == 3);
  for (const char* header : {"", "*", "v3", "W/\"v3\"", "\"3\"", "\"v\"", "\"v0\"", "\"v-1\"",
                             "\"v3x\"", "\"v99999999999999999999\"", "\"v3", "\"v3\", \"v4\""}) {
    CAPTURE(header);
    CHECK_FALSE(find_version(header));
  }
}

TEST_CASE("two representations of one version have different tags") {
  CHECK(version_tag(1, "free: 3") != version_tag(1, "free: 2"));
  CHECK(version_tag(1, "free: 3") == version_tag(1, "free: 3"));
  CHECK(gzip_tag("\"v1-0\"") == "\"v1-0-gzip\"");
  CHECK(gzip_tag("W/\"x\"") == "W/\"x\"");
}

TEST_CASE("a client that has the answer gets 304 with its headers and without its body") {
  Request request;
  request.headers.emplace_back("if-none-match", "\"a\"");
  Response response = json_response(200, "{}");
  response.set("ETag", "\"a\"").set("Cache-Control", "no-cache");

  const Response unchanged = answer_conditionally(request, response);
  CHECK(unchanged.status == 304);
  CHECK(unchanged.body_text().empty());
  CHECK(find_header(unchanged, "ETag") == "\"a\"");
  CHECK(find_header(unchanged, "Cache-Control") == "no-cache");
  CHECK_FALSE(has_header(unchanged, "Content-Type"));

  request.method = Method::post;
  CHECK(answer_conditionally(request, response).status == 200);
  request.method = Method::head;
  CHECK(answer_conditionally(request, response).status == 304);
  response.status = 404;
  CHECK(answer_conditionally(request, response).status == 404);
}
