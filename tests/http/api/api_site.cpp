#include "tests/http/api/api_site.h"

#include <doctest/doctest.h>

#include "service/http/api/routes.h"
#include "service/http/health.h"

namespace narada::testing {

using nlohmann::json;

std::string Answer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

std::vector<std::string> Answer::errors() const {
  std::vector<std::string> names;
  if (!body.is_object() || !body.contains("errors")) return names;
  for (const json& error : body["errors"]) {
    names.push_back(error["field"].get<std::string>() + " " + error["code"].get<std::string>());
  }
  return names;
}

ApiClient::ApiClient(std::uint16_t port, const Contract& contract, std::string token)
    : client_("127.0.0.1", port), contract_(contract), token_(std::move(token)) {
  client_.set_keep_alive(true);
  client_.set_tcp_nodelay(true);  // it sends head and body apart
  client_.set_read_timeout(30);
  client_.set_decompress(true);
}

Answer ApiClient::send(const std::string& method, const std::string& path, const std::string& body,
                       const Headers& headers) {
  httplib::Request request;
  request.method = method;
  request.path = path;
  request.body = body;
  for (const auto& [name, value] : headers) request.headers.emplace(name, value);
  // This client waits for a body after 304 until the connection ends.
  if (request.has_header("If-None-Match")) request.headers.emplace("Connection", "close");
  if (!token_.empty()) request.headers.emplace("Authorization", "Bearer " + token_);
  const auto result = client_.send(request);
  INFO(method << " " << path << ": " << httplib::to_string(result.error()));
  REQUIRE(result);
  Answer answer{result->status, result->body, nullptr, result->headers};
  if (answer.header("Content-Type").find("json") != std::string::npos && !answer.text.empty()) {
    answer.body = json::parse(answer.text);
  }
  check(method, path, answer);
  return answer;
}

void ApiClient::check(const std::string& method, const std::string& path,
                      const Answer& answer) const {
  const auto violations =
      contract_.violations(method, path.substr(0, path.find('?')), answer.status,
                           answer.header("Content-Type"), answer.text);
  for (const std::string& violation : violations) {
    FAIL_CHECK(method << " " << path << " " << answer.status << ": " << violation << "\n"
                      << answer.text.substr(0, 600));
  }
  // A text that is missing stands as "[its.key]", an argument that is missing as "{its name}".
  const bool is_problem = answer.header("Content-Type") == "application/problem+json";
  const bool has_hole = answer.text.find("[error.") != std::string::npos ||
                        answer.text.find("[problem.") != std::string::npos;
  if (is_problem && has_hole) FAIL_CHECK("a text is missing: " << answer.text);
  CHECK_FALSE(answer.header("X-Request-Id").empty());
  CHECK_FALSE(answer.header("Content-Security-Policy").empty());
}

Answer ApiClient::get(const std::string& path, const Headers& headers) {
  return send("GET", path, {}, headers);
}

Answer ApiClient::post(const std::string& path) { return send("POST", path); }

Answer ApiClient::post(const std::string& path, const json& body, const Headers& headers) {
  Headers all = headers;
  all.emplace_back("Content-Type", "application/json");
  return send("POST", path, body.dump(), all);
}

Answer ApiClient::patch(const std::string& path, const json& body, const Headers& headers) {
  Headers all = headers;
  all.emplace_back("Content-Type", "application/json");
  return send("PATCH", path, body.dump(), all);
}

ApiSite::ApiSite()
    : messages_(NARADA_SOURCE_DIR "/web/locales"),
      errors_(messages_, nullptr),
      log_(http::LogFormat::json,
           [this](std::string_view line) {
             const std::scoped_lock lock(mutex_);
             lines_.emplace_back(line);
           }),
      pages_(catalogue_, world_.clock()),
      middleware_(errors_, log_, metrics_, &pages_) {
  world_.environment().catalogue = &catalogue_;
  world_.environment().secret_key = std::string(32, 'k');
  http::HealthParts health;
  health.metrics = &metrics_;
  health.find_obstacle = [] { return std::nullopt; };
  http::add_health_routes(router_, health);
  http::api::add_api_routes(router_, world_.environment());
  http::ServerOptions options;
  options.port = 0;
  options.pool_threads = 8;
  options.drain_timeout = std::chrono::seconds(2);
  server_ = std::make_unique<http::Server>(options, router_, middleware_.hooks());
  server_->start();
}

ApiSite::~ApiSite() { server_->stop(); }

std::string ApiSite::token(usecases::Role role) {
  return usecases::create_token(world_.environment(), role, "test").value().token;
}

std::vector<std::string> ApiSite::log() {
  const std::scoped_lock lock(mutex_);
  return lines_;
}

json meeting_json(const std::string& title, int places) {
  return {{"title", title},
          {"form", "workshop"},
          {"topic", "mobilnosc"},
          {"starts_at", "2027-01-19T10:00:00+01:00"},
          {"ends_at", "2027-01-19T14:00:00+01:00"},
          {"places",
           {{{"name", "Ratusz"}, {"address", "Rynek 1, Gliwice"}, {"institution", "2466011"}}}},
          {"capacity", {{"onsite", places}}}};
}

json person_json(int number) {
  return {{"full_name", "Osoba " + std::to_string(number)},
          {"email", "osoba" + std::to_string(number) + "@urzad.example"},
          {"institution", "2466011"},
          {"position", "inspektor"},
          {"mode", "onsite"},
          {"consent", true}};
}

std::string published_meeting(ApiClient& organizer, const json& meeting) {
  const Answer created = organizer.post("/api/v1/meetings", meeting);
  REQUIRE(created.status == 201);
  const std::string id = created.body["id"].dump();
  REQUIRE(organizer.post("/api/v1/meetings/" + id + "/publish").status == 200);
  return id;
}

}  // namespace narada::testing
