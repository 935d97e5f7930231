#include "service/http/errors.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace narada::http {
namespace {

template <class... Alternatives>
struct FailureCases : Alternatives... {
  using Alternatives::operator()...;
};
template <class... Alternatives>
FailureCases(Alternatives...) -> FailureCases<Alternatives...>;

struct StatusCode {
  int status;
  std::string_view code;
};
constexpr std::array kStatusCodes{
    StatusCode{400, "bad_request"},
    StatusCode{401, "unauthorized"},
    StatusCode{403, "forbidden"},
    StatusCode{404, "not_found"},
    StatusCode{405, "method_not_allowed"},
    StatusCode{408, "request_timeout"},
    StatusCode{409, "conflict"},
    StatusCode{410, "gone"},
    StatusCode{411, "length_required"},
    StatusCode{412, "stale"},
    StatusCode{413, "content_too_large"},
    StatusCode{414, "uri_too_long"},
    StatusCode{415, "unsupported_media_type"},
    StatusCode{417, "expectation_failed"},
    StatusCode{422, "invalid"},
    StatusCode{423, "locked"},
    StatusCode{428, "precondition_required"},
    StatusCode{429, "too_many_requests"},
    StatusCode{431, "header_fields_too_large"},
    StatusCode{460, "checksum_mismatch"},
    StatusCode{500, "internal"},
    StatusCode{501, "not_implemented"},
    StatusCode{503, "unavailable"},
    StatusCode{505, "http_version_not_supported"},
    StatusCode{507, "upload_no_space"},
};

// Messages format plurals by integers, while the details of a rule are texts.
web::View message_arguments(const std::map<std::string, std::string>& details) {
  web::View arguments = web::View::object();
  for (const auto& [name, text] : details) {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc{} && rest == end) {
      arguments[name] = number;
    } else {
      arguments[name] = text;
    }
  }
  return arguments;
}

// The text after the status line of an error page when its template cannot be rendered.
Response plain_answer(int status, const std::string& title, const std::string& detail,
                      const std::string& request_id) {
  return text_response(status, title + "\n\n" + detail + "\n\n" + request_id + "\n");
}

bool asks_for_english(std::string_view accept_language) {
  // Only the order of the two languages counts; a q value cannot turn the first one around.
  const auto position = [&](std::string_view tag) {
    for (std::size_t at = accept_language.find(tag); at != std::string_view::npos;
         at = accept_language.find(tag, at + 1)) {
      const bool starts =
          at == 0 || accept_language[at - 1] == ',' || accept_language[at - 1] == ' ';
      const std::size_t end = at + tag.size();
      const bool ends =
          end == accept_language.size() ||
          std::string_view("-,; ").find(accept_language[end]) != std::string_view::npos;
      if (starts && ends) return at;
    }
    return std::string_view::npos;
  };
  return position("en") < position("pl");
}

}  // namespace

Problem problem_of_status(int status) {
  const auto* known = std::find_if(kStatusCodes.begin(), kStatusCodes.end(),
                                   [&](const StatusCode& entry) { return entry.status == status; });
  Problem problem;
  problem.status = status;
  problem.code =
      known != kStatusCodes.end() ? std::string(known->code) : "status_" + std::to_string(status);
  return problem;
}

Problem problem_of(const domain::Failure& failure) {
  return std::visit(FailureCases{
                        [](const domain::FieldErrors& errors) {
                          Problem problem = problem_of_status(422);
                          problem.errors = errors;
                          return problem;
                        },
                        [](const domain::NotFound&) { return problem_of_status(404); },
                        [](const domain::Forbidden&) { return problem_of_status(403); },
                        [](const domain::Stale&) { return problem_of_status(412); },
                        [](const domain::Conflict& conflict) {
                          Problem problem = problem_of_status(409);
                          problem.errors.push_back({"", conflict.code});
                          return problem;
                        },
                        [](const domain::OperationReused&) {
                          Problem problem = problem_of_status(422);
                          problem.code = "operation_reused";
                          return problem;
                        },
                    },
                    failure);
}

std::string text_of(const web::Messages& messages, domain::Language language,
                    const domain::FieldError& error) {
  return messages.text(to_string(language), "error." + error.code,
                       message_arguments(error.details));
}

bool is_api(const Request& request) {
  return request.path.starts_with("/api/") || request.path == "/api";
}

domain::Language language_of(const Request& request) {
  if (is_api(request)) {
    return asks_for_english(request.header("accept-language")) ? domain::Language::en
                                                               : domain::Language::pl;
  }
  const bool english = request.path == "/en" || request.path.starts_with("/en/");
  return english ? domain::Language::en : domain::Language::pl;
}

std::pair<std::string, std::string> ErrorWriter::title_and_detail(const Problem& problem,
                                                                  domain::Language language) const {
  const web::View arguments = message_arguments(problem.details);
  const bool known = messages_.has(to_string(language), "problem." + problem.code + ".title");
  const std::string key =
      "problem." + (known ? problem.code : problem_of_status(problem.status).code);
  std::pair texts{messages_.text(to_string(language), key + ".title", arguments),
                  messages_.text(to_string(language), key + ".detail", arguments)};
  // A conflict has one rule, which says more than the status does.
  if (problem.status == 409 && problem.errors.size() == 1) {
    texts.second = text_of(messages_, language, problem.errors.front());
  }
  return texts;
}

Response ErrorWriter::write_json(const Problem& problem, domain::Language language,
                                 const std::string& request_id) const {
  const auto [title, detail] = title_and_detail(problem, language);
  web::View body = {{"type", "urn:narada:problem:" + problem.code},
                    {"title", title},
                    {"status", problem.status},
                    {"detail", detail},
                    {"code", problem.code},
                    {"request_id", request_id}};
  if (problem.status == 409 && problem.errors.size() == 1) {
    body["code"] = problem.errors.front().code;
    body["type"] = "urn:narada:problem:" + problem.errors.front().code;
  }
  if (!problem.errors.empty()) {
    body["errors"] = web::View::array();
    for (const domain::FieldError& error : problem.errors) {
      body["errors"].push_back({{"field", error.field},
                                {"code", error.code},
                                {"detail", text_of(messages_, language, error)}});
    }
  }
  Response response =
      json_response(problem.status, body.dump(-1, ' ', false, web::View::error_handler_t::replace));
  response.set("Content-Type", "application/problem+json");
  response.set("Content-Language", std::string(to_string(language)));
  return response;
}

Response ErrorWriter::write_page(const Problem& problem, domain::Language language,
                                 const std::string& request_id) const {
  const auto [title, detail] = title_and_detail(problem, language);
  const bool english = language == domain::Language::en;
  const web::View view = {{"status", problem.status},
                          {"title", title},
                          {"detail", detail},
                          {"request_id", request_id},
                          {"language", to_string(language)},
                          {"other_language", english ? "pl" : "en"},
                          {"prefix", english ? "/en" : ""},
                          {"home_url", english ? "/en/" : "/"}};
  try {
    return html_response(problem.status, renderer_->html("pages/error", view));
  } catch (const std::exception&) {
    // The page that reports a broken template must not need a template.
    return plain_answer(problem.status, title, detail, request_id);
  }
}

Response ErrorWriter::write(const Request& request, const Problem& problem) const {
  const domain::Language language = language_of(request);
  Response response = renderer_ == nullptr || is_api(request)
                          ? write_json(problem, language, request.request_id)
                          : write_page(problem, language, request.request_id);
  for (const auto& [name, value] : problem.headers) response.set(name, value);
  return response;
}

Response ErrorWriter::refuse(int status, const std::string& request_id) const {
  return write_json(problem_of_status(status), domain::Language::pl, request_id);
}

}  // namespace narada::http
