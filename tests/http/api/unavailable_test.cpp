#include <doctest/doctest.h>

#include "service/http/api/routes.h"
#include "service/http/response_headers.h"
#include "sql/pool.h"
#include "tests/http/api/api_site.h"

using namespace narada;
using namespace narada::testing;
using nlohmann::json;

namespace {

// The API over a database that is not there.
struct DeadSite {
  storage::Pool pool{
      storage::parse_database_address("mysql://narada@localhost/narada?socket=/nowhere")};
  FakeClock clock;
  usecases::Environment environment;
  web::Messages messages{NARADA_SOURCE_DIR "/web/locales"};
  http::ErrorWriter errors{messages, nullptr};
  http::AccessLog log{http::LogFormat::json, [](std::string_view) {}};
  http::Metrics metrics;
  http::Router router;
  http::Middleware middleware{errors, log, metrics};

  DeadSite() {
    environment.pool = &pool;
    environment.clock = &clock;
    http::api::add_api_routes(router, environment);
  }

  http::Response call(http::Method method, const std::string& path, const std::string& body = "",
                      Headers headers = {{"content-type", "application/json"}}) {
    http::Request request;
    request.method = method;
    request.path = request.target = path;
    request.body = body;
    request.headers = std::move(headers);
    auto match = router.find(method, path);
    request.params = match.params;
    return middleware.handle(request, match);
  }
};

}  // namespace

TEST_CASE("without a database every call is 503 that says when to come back, and says no more") {
  DeadSite site;
  const std::string person = person_json(1).dump();
  const http::Response answers[] = {
      site.call(http::Method::get, "/api/v1/meetings"),
      site.call(http::Method::get, "/api/v1/meetings/1"),
      site.call(http::Method::get, "/api/v1/cycles"),
      site.call(http::Method::get, "/api/v1/practices"),
      site.call(http::Method::get, "/api/v1/institutions"),
      site.call(http::Method::get, "/api/v1/topics"),
      site.call(http::Method::get, "/api/v1/experts"),
      site.call(http::Method::post, "/api/v1/meetings/1/registrations", person),
      site.call(http::Method::post, "/api/v1/cycles/1/enrolments", person),
      site.call(http::Method::get, "/api/v1/outgoing-mails", "", {{"authorization", "Bearer x"}}),
      site.call(http::Method::get, "/api/v1/registrations/1", "", {{"x-manage-token", "x"}})};
  for (const http::Response& answer : answers) {
    const json body = json::parse(answer.body_text());
    CHECK(answer.status == 503);
    CHECK(find_header(answer, "Retry-After") == "5");
    CHECK(body["code"] == "unavailable");
    CHECK(answer.body_text().find("nowhere") == std::string_view::npos);
  }
  CHECK(site.call(http::Method::get, "/api/v1/openapi.json").status == 200);
}
