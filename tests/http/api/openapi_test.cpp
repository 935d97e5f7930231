#include <doctest/doctest.h>

#include <set>

#include "service/http/api/openapi_text.h"
#include "tests/http/api/api_site.h"

using namespace narada;
using namespace narada::testing;
using nlohmann::json;

namespace {

using Operations = std::set<std::pair<std::string, std::string>>;

// Each request body's schema with its example.
std::vector<std::pair<json, json>> request_examples(const json& document) {
  std::vector<std::pair<json, json>> examples;
  for (const auto& [path, methods] : document["paths"].items()) {
    for (const auto& [method, operation] : methods.items()) {
      if (!operation.contains("requestBody")) continue;
      const json& content = operation["requestBody"]["content"];
      if (!content.contains("application/json")) continue;  // octets
      const json& media = content["application/json"];
      examples.emplace_back(media["schema"], media.value("example", json()));
    }
  }
  return examples;
}

}  // namespace

TEST_CASE("the document describes every route of the API and no other") {
  ApiSite site;
  Operations routed;
  for (const auto& [method, pattern] : site.router().routes()) {
    routed.emplace(std::string(to_string(method)), pattern);
  }
  const auto described = site.contract().operations();
  CHECK(routed == Operations(described.begin(), described.end()));
}

TEST_CASE("the document that is served is the one in the tree") {
  ApiSite site;
  const Answer answer = site.visitor().get("/api/v1/openapi.json");
  CHECK(answer.status == 200);
  CHECK(answer.text == http::api::kOpenapiText);
  CHECK(answer.body == site.contract().document());
}

TEST_CASE("every write has an example that fits its own schema") {
  const Contract contract;
  const auto examples = request_examples(contract.document());
  CHECK(examples.size() == 33);
  for (const auto& [schema, example] : examples) {
    CAPTURE(example.dump());
    CHECK(contract.violations(example, schema) == std::vector<std::string>{});
  }
}

TEST_CASE("every operation has an id of its own") {
  const Contract contract;
  std::set<std::string> ids;
  for (const auto& [path, methods] : contract.document()["paths"].items()) {
    for (const auto& [method, operation] : methods.items()) {
      CHECK(ids.insert(operation["operationId"].get<std::string>()).second);
    }
  }
}

// The oracle itself: each row breaks the schema in one way, so an oracle that is blind there fails.
TEST_CASE("the contract sees what an answer does wrong") {
  const Contract contract;
  const json schema = json::parse(R"({
    "type": "object", "required": ["id", "kind", "at"],
    "properties": {
      "id": {"type": "integer", "minimum": 1},
      "kind": {"type": "string", "enum": ["a", "b"]},
      "at": {"type": "string", "format": "date-time"},
      "code": {"type": ["string", "null"], "pattern": "^[0-9]{2}$"},
      "part": {"oneOf": [{"type": "object", "required": ["x"], "properties": {"x": {"type": "number"}}},
                         {"type": "null"}]},
      "list": {"type": "array", "items": {"type": "boolean"}}}})");
  const json good = json::parse(
      R"({"id": 1, "kind": "a", "at": "2027-01-19T10:00:00+01:00", "code": "12", "part": {"x": 1.5},
          "list": [true]})");
  CHECK(contract.violations(good, schema) == std::vector<std::string>{});
  const std::pair<const char*, json> damages[] = {{"/id", "1"},          {"/id", 0},
                                                  {"/id", 1.5},          {"/id", nullptr},
                                                  {"/kind", "c"},        {"/at", "tomorrow"},
                                                  {"/at", "2027-01-19"}, {"/code", "1"},
                                                  {"/code", 12},         {"/part", json::object()},
                                                  {"/part", 5},          {"/part", {{"y", 1}}},
                                                  {"/list/0", "yes"},    {"/list", nullptr},
                                                  {"/surprise", 1}};
  for (const auto& [place, value] : damages) {
    CAPTURE(place);
    CAPTURE(value.dump());
    json bad = good;
    bad[json::json_pointer(place)] = value;
    CHECK_FALSE(contract.violations(bad, schema).empty());
  }
  json lacking = good;
  lacking.erase("at");
  CHECK_FALSE(contract.violations(lacking, schema).empty());
}

TEST_CASE("the contract knows no answer that the document does not name") {
  const Contract contract;
  CHECK_FALSE(contract.violations("GET", "/api/v1/topics", 201, "application/json", "{}").empty());
  CHECK_FALSE(contract.violations("GET", "/api/v1/topics", 200, "text/html", "{}").empty());
  CHECK_FALSE(contract.violations("GET", "/api/v1/nothing", 404, "application/json", "{}").empty());
}
