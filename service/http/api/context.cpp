#include "service/http/api/context.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "service/http/address_class.h"
#include "service/http/conditional.h"
#include "service/usecases/access.h"
#include "service/usecases/things.h"

namespace narada::http::api {
namespace {

constexpr std::size_t kLongestIdempotencyKey = 255;  // characters
constexpr std::size_t kLongestToken = 200;           // characters

[[noreturn]] void refuse_unauthorized(std::string_view challenge) {
  Problem problem = problem_of_status(401);
  problem.headers.emplace_back("WWW-Authenticate", challenge);
  throw Error(std::move(problem));
}

// What follows "Bearer " in whatever case; absent for another scheme.
std::optional<std::string_view> bearer_token(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() <= kScheme.size()) return std::nullopt;
  const bool is_bearer = std::equal(kScheme.begin(), kScheme.end(), authorization.begin(),
                                    [](char expected, char c) { return expected == (c | 0x20); });
  if (!is_bearer) return std::nullopt;
  return authorization.substr(kScheme.size());
}

usecases::Actor actor_of(const usecases::Environment& environment, const Request& request) {
  const auto authorization = request.find_header("authorization");
  if (!authorization) return {};
  const auto token = bearer_token(*authorization);
  if (token && token->size() <= kLongestToken) {
    if (auto actor = usecases::find_token_actor(environment, *token)) return *actor;
  }
  refuse_unauthorized(R"(Bearer realm="narada", error="invalid_token")");
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x21 && c <= 0x7e; });
}

}  // namespace

Context::Context(const usecases::Environment& environment, const Request& request)
    : environment_(environment),
      request_(request),
      actor_(actor_of(environment, request)),
      language_(language_of(request)) {}

void Context::refuse_access() const {
  if (actor_.kind == usecases::Actor::Kind::anonymous) {
    refuse_unauthorized(R"(Bearer realm="narada")");
  }
  throw Error(403);
}

void Context::require_reach(domain::Action action) const {
  if (domain::reach_of(actor_, action).nothing()) refuse_access();
}

void Context::require(domain::Action action) const {
  if (!domain::can(actor_, action, {})) refuse_access();
}

void Context::require_bearer() const {
  if (actor_.kind == usecases::Actor::Kind::anonymous) refuse_access();
}

bool Context::sees_numbers_of(domain::MeetingId meeting) const {
  if (domain::reach_of(actor_, domain::Action::see_numbers).nothing()) return false;
  return usecases::check_meeting(environment_, actor_, domain::Action::see_numbers,
                                 std::to_string(meeting.value))
      .ok();
}

usecases::Call Context::call() const { return call_as(actor_); }

usecases::Call Context::call_as(usecases::Actor actor) const {
  usecases::Call call{std::move(actor), request_.request_id, language_, std::nullopt, {}};
  call.address_class = address_class(request_.remote_address);
  const auto key = request_.find_header("idempotency-key");
  if (!key) return call;
  if (key->empty() || key->size() > kLongestIdempotencyKey || !is_printable(*key)) {
    throw Error(problem_of(domain::FieldErrors{
        {"Idempotency-Key", "invalid_key", {{"max", std::to_string(kLongestIdempotencyKey)}}}}));
  }
  call.idempotency_key = std::string(*key);
  call.request_digest = usecases::hash_token(std::string(to_string(request_.method)) + '\n' +
                                             request_.path + '\n' + request_.body);
  return call;
}

std::optional<std::int64_t> Context::find_required_version() const {
  const auto if_match = request_.find_header("if-match");
  if (!if_match) return std::nullopt;
  const auto version = find_version(*if_match);
  if (!version) throw Error(412);
  return version;
}

std::int64_t Context::required_version() const {
  const auto version = find_required_version();
  if (!version) throw Error(428);
  return *version;
}

std::int64_t Context::id() const {
  const std::string text = key();
  std::int64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || rest != text.data() + text.size() || value < 1) throw Error(404);
  return value;
}

std::string Context::key(std::string_view name) const {
  const auto found = request_.params.find(name);
  return found == request_.params.end() ? std::string() : found->second;
}

std::string Context::url(std::string_view path, std::string_view slug) const {
  return environment_.base_url + std::string(path) + std::string(slug);
}

Response answer(int status, const web::View& body) {
  return json_response(status, body.dump(-1, ' ', false, web::View::error_handler_t::replace));
}

Response answer(int status, const web::View& body, std::int64_t version) {
  Response response = answer(status, body);
  response.set("ETag", version_tag(version, response.body_text()));
  return response;
}

Response created(const web::View& body, const std::string& location) {
  Response response = answer(201, body);
  return response.set("Location", location);
}

Response created(const web::View& body, const std::string& location, std::int64_t version) {
  Response response = answer(201, body, version);
  return response.set("Location", location);
}

}  // namespace narada::http::api
