#include "service/http/middleware.h"

#include <chrono>
#include <exception>
#include <utility>

#include "service/http/conditional.h"
#include "service/http/response_headers.h"
#include "service/usecases/unavailable.h"

namespace narada::http {
namespace {

constexpr std::string_view kRetryAfterSeconds = "5";

Problem unavailable_problem(const std::string& code = "unavailable") {
  Problem problem = problem_of_status(503);
  problem.code = code;
  problem.headers.emplace_back("Retry-After", kRetryAfterSeconds);
  return problem;
}

Response allowed_methods(const Router::Match& match) {
  Response response;
  response.status = 204;
  response.set("Allow", allow_header(match.allowed));
  return response;
}

// An answer that may be kept gets a tag, so that asking again costs no transfer.
void tag(const Request& request, Response& response) {
  const bool reads = request.method == Method::get || request.method == Method::head;
  const bool whole = !response.sends_files();
  if (!reads || !whole || response.status != 200 || has_header(response, "ETag")) return;
  if (find_header(response, "Cache-Control").find("no-store") != std::string_view::npos) return;
  const bool is_page = find_header(response, "Content-Type").starts_with("text/html");
  response.set(
      "ETag", is_page ? weak_content_tag(response.body_text()) : content_tag(response.body_text()));
}

// Whether another reader may get the same answer. HEAD keeps and finds what GET does: the server
// leaves the body out.
bool is_shared(const Request& request, const Router::Match& match) {
  const bool reads = request.method == Method::get || request.method == Method::head;
  return reads && match.options != nullptr && match.options->shared &&
         !request.find_header("authorization") && !request.find_header("range");
}

// What an answer of a shared route depends on, and nothing else.
std::string page_key(const Request& request) {
  std::string key;
  key.reserve(request.target.size() + 8);
  key += accepts_gzip(request.header("accept-encoding")) ? 'z' : 'p';
  key += language_of(request) == domain::Language::en ? 'e' : 'p';
  key += request.secure ? 's' : 'c';
  key += request.target;
  return key;
}

void share_body(Response& response) {
  if (auto* text = std::get_if<std::string>(&response.body)) {
    response.body = std::make_shared<const std::string>(std::move(*text));
  }
}

// The last resort, when even the error page cannot be made.
Response bare_failure() { return text_response(500, "500\n"); }

}  // namespace

// Who holds a token of the API answers for what it does; a page does not look at tokens.
void Middleware::check_rate(const Request& request, const Router::Match& match) {
  if (!limit_ || match.options == nullptr || !match.options->causes_mail) return;
  if (is_api(request) && request.find_header("authorization")) return;
  stop_for(limit_(request));
}

Response Middleware::run_handler(const Request& request, const Router::Match& match) {
  if (match.handler != nullptr) {
    check_rate(request, match);
    return (*match.handler)(request);
  }
  if (match.allowed.empty()) throw Error(404);
  if (request.method == Method::options) return allowed_methods(match);
  Problem problem = problem_of_status(405);
  problem.headers.emplace_back("Allow", allow_header(match.allowed));
  throw Error(std::move(problem));
}

Response Middleware::answer(const Request& request, const Router::Match& match) {
  try {
    return run_handler(request, match);
  } catch (const Error& error) {
    if (error.problem().status >= 500) log_.failure(request, error.what());
    return errors_.write(request, error.problem());
  } catch (const usecases::OutcomeUnknown& error) {
    log_.failure(request, error.what());
    return errors_.write(request, unavailable_problem("outcome_unknown"));
  } catch (const usecases::Unavailable& error) {
    log_.failure(request, error.what());
    return errors_.write(request, unavailable_problem());
  } catch (const std::exception& error) {
    log_.failure(request, error.what());
    return errors_.write(request, problem_of_status(500));
  }
}

// Everything of an answer but what belongs to this one request.
Response Middleware::finished(const Request& request, const Router::Match& match) {
  Response response = answer(request, match);
  add_cache_headers(request, response);
  add_security_headers(request, response);
  tag(request, response);
  compressor_.compress(request, response);
  return response;
}

// One answer for all who ask for the same at the same time.
Response Middleware::shared(const Request& request, const Router::Match& match) {
  std::optional<Response> own;  // what this request made, whether or not others may have it
  const auto kept = pages_->find_or_make(page_key(request), [&]() {
    own = finished(request, match);
    if (own->status != 200 || has_header(*own, "Set-Cookie"))
      return std::shared_ptr<const Response>();
    share_body(*own);
    return std::make_shared<const Response>(*own);
  });
  if (own) return *std::move(own);
  if (kept == nullptr) return finished(request, match);
  Response response = *kept;
  response.set("X-Request-Id", request.request_id);
  return response;
}

Response Middleware::handle(const Request& request, const Router::Match& match) {
  const Metrics::InFlight in_flight(metrics_);
  const auto begun = std::chrono::steady_clock::now();
  Response response;
  try {
    response = pages_ != nullptr && is_shared(request, match) ? shared(request, match)
                                                              : finished(request, match);
    response = answer_conditionally(request, std::move(response));
  } catch (const std::exception& error) {
    log_.failure(request, error.what());
    response = bare_failure();
    add_security_headers(request, response);
  }
  note(request, match, response, begun);
  return response;
}

std::optional<Response> Middleware::find_ready(const Request& request, const Router::Match& match) {
  if (pages_ == nullptr || !is_shared(request, match)) return std::nullopt;
  const auto begun = std::chrono::steady_clock::now();
  const auto kept = pages_->find(page_key(request));
  if (kept == nullptr) return std::nullopt;
  Response response = *kept;
  response.set("X-Request-Id", request.request_id);
  response = answer_conditionally(request, std::move(response));
  note(request, match, response, begun);
  return response;
}

void Middleware::note(const Request& request, const Router::Match& match, const Response& response,
                      Moment begun) {
  const auto duration = std::chrono::steady_clock::now() - begun;
  metrics_.count(request.method, match.pattern, response.status, duration);
  log_.request(request, response, match.pattern, duration);
  if (note_answer_) note_answer_(request, match, response.status);
}

Response Middleware::refuse(int status, const std::string& request_id) {
  metrics_.count_refused(status);
  Request unknown;
  unknown.request_id = request_id;
  Response response = errors_.refuse(status, request_id);
  response.set("Cache-Control", "no-store");
  add_security_headers(unknown, response);
  return response;
}

ServerHooks Middleware::hooks() {
  ServerHooks hooks;
  hooks.handle = [this](const Request& request, const Router::Match& match) {
    return handle(request, match);
  };
  hooks.find_ready = [this](const Request& request, const Router::Match& match) {
    return find_ready(request, match);
  };
  hooks.refuse = [this](int status, const std::string& request_id) {
    return refuse(status, request_id);
  };
  return hooks;
}

}  // namespace narada::http
