#include "service/http/edge/request_builder.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "service/http/edge/field_checks.h"
#include "service/http/edge/url_encoding.h"

namespace narada::http::edge {
namespace {

std::optional<Method> find_method(std::string_view name) {
  constexpr std::array kAll = {Method::get,   Method::head, Method::post,   Method::put,
                               Method::patch, Method::del,  Method::options};
  for (const auto method : kAll) {
    if (name == to_string(method)) return method;
  }
  return std::nullopt;
}

// The path and query of a target in origin-form or absolute-form (RFC 9112 §3.2.1, §3.2.2); empty
// for anything else.
std::string_view origin_form(std::string_view target) {
  if (target.front() == '/') return target;
  const auto scheme = target.find("://");
  if (scheme == std::string_view::npos) return {};
  const auto name = target.substr(0, scheme);
  if (!is_same_token(name, "http") && !is_same_token(name, "https")) return {};
  const auto authority = target.substr(scheme + 3);
  const auto path = authority.find_first_of("/?");
  if (path == std::string_view::npos) return authority.empty() ? "" : "/";
  return path == 0 || authority[path] == '?' ? std::string_view() : authority.substr(path);
}

}  // namespace

int build_request(RequestHead& head, Request& request) {
  const auto method = find_method(head.method);
  if (!method) return 501;
  request.method = *method;
  request.target = std::move(head.target);
  request.headers = std::move(head.fields);
  if (request.target == "*" && request.method == Method::options) {
    request.path.assign(1, '*');
    return 0;
  }
  const auto origin = origin_form(request.target);
  const auto question = std::min(origin.find('?'), origin.size());
  auto path = decode_path(origin.substr(0, question));
  if (!path) return 400;
  request.path = std::move(*path);
  if (question < origin.size()) {
    auto query = decode_query(origin.substr(question + 1));
    if (!query) return 400;
    request.query = std::move(*query);
  }
  return 0;
}

}  // namespace narada::http::edge
