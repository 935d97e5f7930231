#include "service/http/access_log.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace narada::http;

namespace {

std::string line_of(LogFormat format, const Request& request) {
  std::string line;
  const AccessLog log(format, [&](std::string_view text) { line = text; });
  log.request(request, json_response(200, "{}"), "/p", std::chrono::microseconds(1500));
  return line;
}

}  // namespace

TEST_CASE("a logged path holds no token, no address and no control character") {
  struct Row {
    std::string path;
    std::string logged;
  };
  const std::string token = "Ab_" + std::string(40, 'x');
  const Row rows[] = {{"/api/v1/meetings/12", "/api/v1/meetings/12"},
                      {"/z/" + token, "/z/***"},
                      {"/en/z/" + token + "/zmien", "/en/z/***/zmien"},
                      {"/z/short", "/z/***"},
                      {"/o/" + token, "/o/***"},
                      {"/en/wejscie/" + std::string(43, 'a'), "/en/wejscie/***"},
                      {"/wejscie/wyslano", "/wejscie/wyslano"},
                      {"/lost/" + token, "/lost/***"},
                      {"/spotkania/" + std::string(60, 'a') + "-2027",
                       "/spotkania/" + std::string(60, 'a') + "-2027"},
                      {"/kontakt/anna@gmina.example", "/kontakt/***"},
                      {"/a b\"c", "/a%20b%22c"},
                      {"/ż", "/%C5%BC"},
                      {"/", "/"},
                      {"//", "//"}};
  for (const Row& row : rows) {
    CAPTURE(row.path);
    CHECK(loggable_path(row.path) == row.logged);
  }
  CHECK(loggable_path("/" + std::string(5000, 'a')).size() <= 300);
}

TEST_CASE("a request is one line of JSON without its query and headers") {
  Request request;
  request.request_id = "r1";
  request.remote_address = "192.0.2.7";
  request.path = "/szukaj";
  request.target = "/szukaj?q=tajne";
  request.query = {{"q", "tajne"}};
  request.headers = {{"authorization", "Bearer tajne"}, {"cookie", "tajne"}};
  request.body = "tajne";
  const std::string line = line_of(LogFormat::json, request);
  CHECK(line.find("tajne") == std::string::npos);
  CHECK(line.find('\n') == std::string::npos);
  auto fields = nlohmann::json::parse(line);
  fields.erase("time");
  CHECK(fields == nlohmann::json{{"event", "request"},
                                 {"request_id", "r1"},
                                 {"client", "192.0.2.7"},
                                 {"method", "GET"},
                                 {"path", "/szukaj"},
                                 {"route", "/p"},
                                 {"status", 200},
                                 {"bytes", 2},
                                 {"ms", 1.5}});
}

TEST_CASE("a line stays a line whatever it is about") {
  std::string line;
  const AccessLog log(LogFormat::text, [&](std::string_view text) { line = text; });
  Request request;
  request.request_id = "r1";
  request.path = "/x";
  log.failure(request, "first\nevent=\"request\" status=200\r\n\x1b[31m\xff");
  CHECK(line.find('\n') == std::string::npos);
  CHECK(line.find('\x1b') == std::string::npos);
  CHECK(line.find("what=\"first\\nevent=\\\"request\\\"") != std::string::npos);
}
