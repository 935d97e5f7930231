#include "service/http/api/json_body.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "service/http/errors.h"

using namespace narada::http;

namespace {

Request request_of(std::string body, const std::string& type = "application/json") {
  Request request;
  request.method = Method::post;
  request.headers.emplace_back("content-type", type);
  request.body = std::move(body);
  return request;
}

std::string refusal_of(const Request& request) {
  try {
    api::read_json_object(request);
    return "taken";
  } catch (const Error& error) {
    return std::to_string(error.problem().status) + " " + error.problem().code;
  }
}

}  // namespace

TEST_CASE("a body that is not strict JSON is refused with the rule") {
  struct Row {
    const char* name;
    std::string body;
    const char* refusal;
  };
  const std::string deep_lists = std::string(40, '[') + std::string(40, ']');
  const Row rows[] = {
      {"empty object", "{}", "taken"},
      {"full object", R"({"a": [1, 2.5, true, null, "ż"], "b": {"c": {}}})", "taken"},
      {"empty body", "", "400 invalid_json"},
      {"blank body", "  ", "400 invalid_json"},
      {"cut", R"({"a": )", "400 invalid_json"},
      {"trailing text", "{} {}", "400 invalid_json"},
      {"trailing comma", R"({"a": 1,})", "400 invalid_json"},
      {"single quotes", "{'a': 1}", "400 invalid_json"},
      {"comment", "{/* a */}", "400 invalid_json"},
      {"NaN", R"({"a": NaN})", "400 invalid_json"},
      {"number too large", R"({"a": 1e999})", "400 invalid_json"},
      {"leading zero", R"({"a": 01})", "400 invalid_json"},
      {"text after NUL", std::string("{}\0{}", 5), "400 invalid_json"},
      {"raw NUL", std::string("{\"a\": \"\0\"}", 11), "400 invalid_json"},
      {"raw control character", "{\"a\": \"\x01\"}", "400 invalid_json"},
      {"not UTF-8", "{\"a\": \"\xff\"}", "400 invalid_json"},
      {"overlong UTF-8", "{\"a\": \"\xc0\xaf\"}", "400 invalid_json"},
      {"surrogate in UTF-8", "{\"a\": \"\xed\xa0\x80\"}", "400 invalid_json"},
      {"lone surrogate escape", R"({"a": "\ud800"})", "400 invalid_json"},
      {"key twice", R"({"a": 1, "a": 2})", "400 duplicate_key"},
      {"key twice, escaped", R"({"a": 1, "\u0061": 2})", "400 duplicate_key"},
      {"key twice, deeper", R"({"x": [{"a": 1, "a": 2}]})", "400 duplicate_key"},
      {"same key elsewhere", R"({"x": [{"a": 1}, {"a": 2}]})", "taken"},
      {"too deep", R"({"a": )" + deep_lists + "}", "400 too_deep"},
      {"very deep and cut", std::string(200'000, '['), "400 too_deep"},
      {"list", "[]", "422 invalid"},
      {"text", "\"a\"", "422 invalid"},
      {"null", "null", "422 invalid"},
      {"number", "7", "422 invalid"}};
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(refusal_of(request_of(row.body)) == row.refusal);
  }
}

TEST_CASE("only JSON in UTF-8 is read") {
  struct Row {
    const char* type;
    bool taken;
  };
  const Row rows[] = {{"application/json", true},
                      {"Application/JSON; charset=UTF-8", true},
                      {"application/json;charset=\"utf-8\"", true},
                      {"application/merge-patch+json", true},
                      {"application/json; charset=iso-8859-2", false},
                      {"text/plain", false},
                      {"application/x-www-form-urlencoded", false},
                      {"multipart/form-data; boundary=x", false},
                      {"application/jsonx", false},
                      {"", false}};
  for (const Row& row : rows) {
    CAPTURE(row.type);
    CHECK((refusal_of(request_of("{}", row.type)) == "taken") == row.taken);
  }
}

TEST_CASE("a strict reading keeps the value") {
  const char* text =
      R"({"a": [1, -2, 2.5, true, null, "\u017c\n"], "b": {"c": [[], {}]}, "d": ""})";
  CHECK(api::read_json_object(request_of(text)) == nlohmann::json::parse(text));
}

TEST_CASE("an empty body counts as an empty object where a body is optional") {
  Request request;
  CHECK(api::read_optional_json_object(request) == nlohmann::json::object());
  CHECK(api::read_optional_json_object(request_of(R"({"a":1})")) == nlohmann::json{{"a", 1}});
  CHECK_THROWS_AS(api::read_optional_json_object(request_of("{}", "text/plain")), Error);
}
