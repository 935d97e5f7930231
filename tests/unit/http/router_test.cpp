#include "service/http/router.h"

#include <doctest/doctest.h>

#include <stdexcept>

namespace narada::http {
namespace {

using Params = std::map<std::string, std::string, std::less<>>;

Handler named(std::string name) {
  return [name = std::move(name)](const Request&) { return text_response(200, name); };
}

Router make_router() {
  Router router;
  for (const auto* pattern :
       {"/", "/meetings", "/meetings/new", "/meetings/{slug}", "/meetings/{slug}.ics",
        "/meetings/{slug}/register", "/meetings/new/{step}", "/{page}", "/static/"}) {
    router.add(Method::get, pattern, named(pattern));
  }
  router.add(Method::post, "/meetings", named("create"));
  router.add(Method::patch, "/meetings/{slug}", named("change"));
  router.add(Method::post, "/meetings/new", named("make"));
  return router;
}

TEST_CASE("the most literal pattern wins") {
  struct Row {
    std::string path;
    std::string pattern;
    Params params;
  };
  const std::vector<Row> rows = {
      {"/", "/", {}},
      {"/meetings", "/meetings", {}},
      {"/meetings/new", "/meetings/new", {}},
      {"/meetings/may", "/meetings/{slug}", {{"slug", "may"}}},
      {"/meetings/may.ics", "/meetings/{slug}.ics", {{"slug", "may"}}},
      {"/meetings/.ics", "/meetings/{slug}", {{"slug", ".ics"}}},
      {"/meetings/may/register", "/meetings/{slug}/register", {{"slug", "may"}}},
      {"/meetings/new/register", "/meetings/new/{step}", {{"step", "register"}}},
      {"/meetings/żółw", "/meetings/{slug}", {{"slug", "żółw"}}},
      {"/about", "/{page}", {{"page", "about"}}},
      {"/static/", "/static/", {}},
      {"/meetings/", "", {}},
      {"/meetings//register", "", {}},
      {"/about/", "", {}},
      {"//", "", {}},
      {"", "", {}},
      {"*", "", {}},
      {std::string(16'000, '/'), "", {}},
  };
  const auto router = make_router();
  for (const auto& row : rows) {
    CAPTURE(row.path.substr(0, 40));
    const auto match = router.find(Method::get, row.path);
    CHECK(std::string(match.pattern) == row.pattern);
    CHECK(match.params == row.params);
    REQUIRE((match.handler != nullptr) == !row.pattern.empty());
    if (match.handler != nullptr) CHECK((*match.handler)({}).body_text() == row.pattern);
    CHECK(match.allowed.empty());
  }
}

TEST_CASE("HEAD runs GET, OPTIONS and 405 name the methods of every pattern that fits") {
  const auto router = make_router();
  const auto head = router.find(Method::head, "/meetings/may");
  REQUIRE(head.handler != nullptr);
  CHECK((*head.handler)({}).body_text() == "/meetings/{slug}");

  const auto wrong = router.find(Method::put, "/meetings/new");
  CHECK(wrong.handler == nullptr);
  CHECK(allow_header(wrong.allowed) == "GET, HEAD, POST, PATCH, OPTIONS");
  CHECK(std::string(wrong.pattern) == "/meetings/new");

  const auto options = router.find(Method::options, "/meetings");
  REQUIRE(options.handler != nullptr);
  const auto answer = (*options.handler)({});
  CHECK(answer.status == 204);
  CHECK(answer.headers ==
        std::vector<std::pair<std::string, std::string>>{{"Allow", "GET, HEAD, POST, OPTIONS"}});

  const auto unknown = router.find(Method::options, "/a/b/c");
  CHECK(unknown.handler == nullptr);
  CHECK(unknown.allowed.empty());
}

TEST_CASE("a method of a less literal pattern is found behind a more literal one") {
  const auto router = make_router();
  const auto match = router.find(Method::patch, "/meetings/new");
  REQUIRE(match.handler != nullptr);
  CHECK((*match.handler)({}).body_text() == "change");
  CHECK(match.params == Params{{"slug", "new"}});
}

TEST_CASE("wrong patterns are refused when they are added") {
  Router router;
  router.add(Method::get, "/a/{x}", named("a"));
  for (const auto* pattern : {"", "a", "/{x", "/{}", "/{x}{y}", "/a/{x}"}) {
    CAPTURE(std::string(pattern));
    CHECK_THROWS_AS(router.add(Method::get, pattern, named("b")), std::invalid_argument);
  }
  router.add(Method::post, "/a/{x}", named("c"));
  const std::vector<std::pair<Method, std::string>> all = {{Method::get, "/a/{x}"},
                                                           {Method::post, "/a/{x}"}};
  CHECK(router.routes() == all);
}

}  // namespace
}  // namespace narada::http
