#include "service/http/errors.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "service/http/response_headers.h"

using namespace narada;
using namespace narada::http;
using nlohmann::json;

namespace {

const web::Messages& messages() {
  static const web::Messages all(NARADA_SOURCE_DIR "/web/locales");
  return all;
}

Request api_request(const std::string& accept_language = "") {
  Request request;
  request.path = "/api/v1/meetings";
  request.request_id = "abc123";
  if (!accept_language.empty()) request.headers.emplace_back("accept-language", accept_language);
  return request;
}

json problem_json(const Problem& problem, const std::string& accept_language = "en") {
  const ErrorWriter writer(messages(), nullptr);
  return json::parse(writer.write(api_request(accept_language), problem).body_text());
}

}  // namespace

TEST_CASE("every status that the program answers with has its own texts in both languages") {
  for (const int status : {400, 401, 403, 404, 405, 408, 409, 411, 412, 413, 414,
                           415, 417, 422, 428, 429, 431, 500, 501, 503, 505}) {
    CAPTURE(status);
    const std::string key = "problem." + problem_of_status(status).code;
    for (const char* language : {"pl", "en"}) {
      CHECK(messages().has(language, key + ".title"));
      CHECK(messages().has(language, key + ".detail"));
    }
  }
}

TEST_CASE("a failure becomes the status and code that clients know") {
  struct Row {
    const char* name;
    domain::Failure failure;
    int status;
    const char* code;
  };
  const Row rows[] = {
      {"fields", domain::FieldErrors{{"email", "required"}}, 422, "invalid"},
      {"absence", domain::NotFound{}, 404, "not_found"},
      {"role", domain::Forbidden{}, 403, "forbidden"},
      {"version", domain::Stale{}, 412, "stale"},
      {"state", domain::Conflict{"meeting_past"}, 409, "meeting_past"},
      {"key", domain::OperationReused{}, 422, "operation_reused"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    const json body = problem_json(problem_of(row.failure));
    CHECK(body["status"] == row.status);
    CHECK(body["code"] == row.code);
    CHECK(body["type"] == std::string("urn:narada:problem:") + row.code);
    CHECK(body["detail"].get<std::string>().find('[') == std::string::npos);
  }
}

TEST_CASE("a problem names every field with its rule in the reader's language") {
  Problem problem = problem_of_status(422);
  problem.errors = {{"full_name", "too_long", {{"max", "200"}}}, {"places[0].name", "required"}};
  const json expected = {
      {"type", "urn:narada:problem:invalid"},
      {"title", "Invalid data"},
      {"status", 422},
      {"detail", "Correct the fields named."},
      {"code", "invalid"},
      {"request_id", "abc123"},
      {"errors",
       {{{"field", "full_name"},
         {"code", "too_long"},
         {"detail", "The text may have at most 200 characters."}},
        {{"field", "places[0].name"}, {"code", "required"}, {"detail", "Fill in this field."}}}}};
  CHECK(problem_json(problem) == expected);
  CHECK(problem_json(problem, "pl")["errors"][0]["detail"] ==
        "Tekst może mieć najwyżej 200 znaków.");
}

TEST_CASE("a problem is served as problem+json with the headers it brings") {
  Problem problem = problem_of_status(503);
  problem.headers.emplace_back("Retry-After", "5");
  const Response response = ErrorWriter(messages(), nullptr).write(api_request(), problem);
  CHECK(response.status == 503);
  CHECK(find_header(response, "Content-Type") == "application/problem+json");
  CHECK(find_header(response, "Content-Language") == "pl");
  CHECK(find_header(response, "Retry-After") == "5");
}

TEST_CASE("the API speaks Polish unless English is asked for first") {
  struct Row {
    const char* accept_language;
    domain::Language language;
  };
  using domain::Language;
  const Row rows[] = {{"", Language::pl},
                      {"en", Language::en},
                      {"en-GB,en;q=0.9", Language::en},
                      {"pl-PL,pl;q=0.9,en;q=0.8", Language::pl},
                      {"en;q=0.9, pl;q=0.8", Language::en},
                      {"de, en", Language::en},
                      {"de", Language::pl},
                      {"fren", Language::pl},
                      {"*", Language::pl}};
  for (const Row& row : rows) {
    CAPTURE(row.accept_language);
    CHECK(language_of(api_request(row.accept_language)) == row.language);
  }
}

TEST_CASE("a page's language is that of its address, whatever the browser prefers") {
  for (const auto& [path, language] : {std::pair{"/", domain::Language::pl},
                                       {"/en", domain::Language::en},
                                       {"/en/cykle", domain::Language::en},
                                       {"/english", domain::Language::pl}}) {
    CAPTURE(path);
    Request request;
    request.path = path;
    request.headers.emplace_back("accept-language", "en");
    CHECK(language_of(request) == language);
  }
}

TEST_CASE("both languages have the same error texts") {
  for (const char* code : {"required", "unknown_institution", "window_closed", "wrong_type"}) {
    CHECK(text_of(messages(), domain::Language::pl, {"x", code}) !=
          text_of(messages(), domain::Language::en, {"x", code}));
  }
}
