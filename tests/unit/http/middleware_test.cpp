#include "service/http/middleware.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "service/http/health.h"
#include "service/http/response_headers.h"
#include "service/usecases/unavailable.h"

using namespace narada;
using namespace narada::http;
using nlohmann::json;

namespace {

struct Site {
  web::Messages messages{NARADA_SOURCE_DIR "/web/locales"};
  ErrorWriter errors{messages, nullptr};
  std::vector<std::string> lines;
  AccessLog log{LogFormat::json, [this](std::string_view line) { lines.emplace_back(line); }};
  Metrics metrics;
  Router router;
  Middleware middleware{errors, log, metrics};

  Response get(const std::string& path, Request request = {}) {
    request.path = path;
    request.request_id = "r1";
    auto match = router.find(request.method, path);
    request.params = match.params;
    return middleware.handle(request, match);
  }
};

Request with_header(const std::string& name, const std::string& value) {
  Request request;
  request.headers.emplace_back(name, value);
  return request;
}

}  // namespace

TEST_CASE("every answer carries the security headers and the request's id") {
  Site site;
  site.router.add(Method::get, "/a", [](const Request&) { return html_response(200, "a"); });
  site.router.add(Method::get, "/b", [](const Request&) -> Response { throw Error(404); });
  site.router.add(Method::get, "/c",
                  [](const Request&) -> Response { throw std::runtime_error("secret"); });
  for (const char* path : {"/a", "/b", "/c", "/nowhere"}) {
    CAPTURE(path);
    const Response response = site.get(path);
    CHECK(find_header(response, "Content-Security-Policy") ==
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
          "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
          "frame-ancestors 'none'");
    CHECK(find_header(response, "X-Content-Type-Options") == "nosniff");
    CHECK(find_header(response, "Referrer-Policy") == "same-origin");
    CHECK(find_header(response, "Cross-Origin-Opener-Policy") == "same-origin");
    CHECK_FALSE(find_header(response, "Permissions-Policy").empty());
    CHECK(find_header(response, "X-Request-Id") == "r1");
    CHECK_FALSE(has_header(response, "Strict-Transport-Security"));
  }
  Request secure;
  secure.secure = true;
  CHECK(find_header(site.get("/a", secure), "Strict-Transport-Security") == "max-age=31536000");
  const Response refused = site.middleware.refuse(400, "r2");
  CHECK(has_header(refused, "Content-Security-Policy"));
  CHECK(find_header(refused, "X-Request-Id") == "r2");
  CHECK(json::parse(refused.body_text())["status"] == 400);
}

TEST_CASE("a handler's own policy stays, so that a widget may be framed") {
  Site site;
  site.router.add(Method::get, "/widzet", [](const Request&) {
    Response response = html_response(200, "w");
    return response.set("content-security-policy", "frame-ancestors *");
  });
  const Response response = site.get("/widzet");
  CHECK(find_header(response, "Content-Security-Policy") == "frame-ancestors *");
}

TEST_CASE("what() of an unforeseen failure is in the log and never in the answer") {
  Site site;
  site.router.add(Method::get, "/api/x",
                  [](const Request&) -> Response { throw std::runtime_error("secret 42"); });
  const Response response = site.get("/api/x");
  CHECK(response.status == 500);
  CHECK(response.body_text().find("secret") == std::string_view::npos);
  REQUIRE(site.lines.size() == 2);
  CHECK(json::parse(site.lines[0])["what"] == "secret 42");
  CHECK(json::parse(site.lines[0])["request_id"] == "r1");
  CHECK(json::parse(site.lines[1])["status"] == 500);
}

TEST_CASE("a database that is away makes 503 with Retry-After") {
  Site site;
  site.router.add(Method::get, "/api/x",
                  [](const Request&) -> Response { throw usecases::Unavailable("no connection"); });
  const Response response = site.get("/api/x");
  CHECK(response.status == 503);
  CHECK(find_header(response, "Retry-After") == "5");
}

TEST_CASE("an unknown path is 404, an unknown method 405 with Allow, OPTIONS 204") {
  Site site;
  site.router.add(Method::get, "/api/x", [](const Request&) { return json_response(200, "{}"); });
  CHECK(site.get("/api/y").status == 404);
  Request request;
  request.method = Method::del;
  const Response refused = site.get("/api/x", request);
  CHECK(refused.status == 405);
  CHECK(find_header(refused, "Allow") == "GET, HEAD, OPTIONS");
  request.method = Method::options;
  const Response options = site.get("/api/x", request);
  CHECK(options.status == 204);
  CHECK(find_header(options, "Allow") == "GET, HEAD, OPTIONS");
}

TEST_CASE("only what everybody may see can be cached, and always asks again") {
  Site site;
  const Handler handler = [](const Request&) { return json_response(200, "{}"); };
  site.router.add(Method::get, "/api/x", handler);
  site.router.add(Method::post, "/api/x", handler);
  site.router.add(Method::get, "/z/{token}", handler);
  site.router.add(Method::get, "/static", [](const Request&) {
    Response response = text_response(200, "s");
    return response.set("Cache-Control", "public, max-age=31536000, immutable");
  });
  const auto cache = [&](const std::string& path, const Request& request) {
    return std::string(find_header(site.get(path, request), "Cache-Control"));
  };
  CHECK(cache("/api/x", {}) == "no-cache");
  CHECK(cache("/api/x", with_header("authorization", "Bearer x")) == "no-store");
  CHECK(cache("/api/x", with_header("x-manage-token", "x")) == "no-store");
  CHECK(cache("/z/abc", {}) == "no-store");
  CHECK(cache("/api/none", {}) == "no-store");
  CHECK(cache("/static", {}) == "public, max-age=31536000, immutable");
  Request post;
  post.method = Method::post;
  CHECK(cache("/api/x", post) == "no-store");
  CHECK(find_header(site.get("/api/x"), "Vary") == "Authorization, Accept-Language");
}

TEST_CASE("asking again with the tag costs no body") {
  Site site;
  site.router.add(Method::get, "/api/x", [](const Request&) { return json_response(200, "{}"); });
  const std::string tag(find_header(site.get("/api/x"), "ETag"));
  CHECK_FALSE(tag.empty());
  const Response again = site.get("/api/x", with_header("if-none-match", tag));
  CHECK(again.status == 304);
  CHECK(again.body_text().empty());
  CHECK(find_header(again, "ETag") == tag);
}

TEST_CASE("metrics count by the route's pattern, never by the path") {
  Site site;
  HealthParts parts;
  parts.metrics = &site.metrics;
  parts.find_obstacle = [] { return std::nullopt; };
  parts.statistics = [] { return ServerStatistics{3, 0, 0, 0}; };
  add_health_routes(site.router, parts);
  site.router.add(Method::get, "/z/{token}", [](const Request&) { return html_response(200, ""); });
  site.get("/z/one");
  site.get("/z/two");
  site.get("/nowhere");
  const Response response = site.get("/metrics");
  const std::string text(response.body_text());
  for (const char* line :
       {"narada_http_requests_total{route=\"/z/{token}\",method=\"GET\",status=\"200\"} 2\n",
        "narada_http_requests_total{route=\"unmatched\",method=\"GET\",status=\"404\"} 1\n",
        "narada_http_request_duration_seconds_count{route=\"/z/{token}\"} 2\n",
        "narada_http_requests_in_flight 1\n", "narada_http_connections_open 3\n"}) {
    CAPTURE(line);
    CHECK(text.find(line) != std::string::npos);
  }
  CHECK(text.find("/z/one") == std::string::npos);
}

TEST_CASE("readiness follows the database, liveness does not") {
  Site site;
  std::optional<std::string> obstacle;
  bool throws = false;
  HealthParts parts;
  parts.metrics = &site.metrics;
  parts.find_obstacle = [&] {
    if (throws) throw std::runtime_error("away");
    return obstacle;
  };
  add_health_routes(site.router, parts);
  CHECK(site.get("/readyz").status == 200);
  obstacle = "migrations";
  CHECK(site.get("/readyz").status == 503);
  CHECK(json::parse(site.get("/readyz").body_text()) ==
        json{{"status", "unavailable"}, {"obstacle", "migrations"}});
  throws = true;
  CHECK(site.get("/readyz").status == 503);
  CHECK(site.get("/healthz").status == 200);
}
