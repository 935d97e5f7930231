#include "service/http/response_headers.h"

#include <algorithm>
#include <array>
#include <utility>

#include "service/http/errors.h"

namespace narada::http {
namespace {

bool is_same_header(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

void set_if_missing(Response& response, std::string_view name, std::string_view value) {
  if (!has_header(response, name)) response.add(std::string(name), std::string(value));
}

// Pages behind a link that is a key, and all that a token or cookie opens.
bool is_private(const Request& request, const Response& response) {
  const std::string_view path = request.path;
  return path.starts_with("/z/") || path.starts_with("/en/z/") || path.starts_with("/wejscie/") ||
         path.starts_with("/en/wejscie/") || request.find_header("authorization") ||
         request.find_header("x-manage-token") || has_header(response, "Set-Cookie");
}

}  // namespace

std::string_view find_header(const Response& response, std::string_view name) {
  for (const auto& [known, value] : response.headers) {
    if (is_same_header(known, name)) return value;
  }
  return {};
}

bool has_header(const Response& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [&](const auto& header) { return is_same_header(header.first, name); });
}

void add_vary(Response& response, std::string_view name) {
  const std::string_view present = find_header(response, "Vary");
  if (present.find(name) != std::string_view::npos) return;
  response.set("Vary", present.empty() ? std::string(name)
                                       : std::string(present) + ", " + std::string(name));
}

void add_security_headers(const Request& request, Response& response) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kHeaders{{
      {"Content-Security-Policy", kContentSecurityPolicy},
      {"X-Content-Type-Options", "nosniff"},
      // Stricter would turn the Origin of our own forms into "null", which their check refuses.
      {"Referrer-Policy", "same-origin"},
      {"Permissions-Policy",
       "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
  }};
  for (const auto& [name, value] : kHeaders) set_if_missing(response, name, value);
  if (request.secure) {
    set_if_missing(response, "Strict-Transport-Security", "max-age=31536000");
  }
  if (!request.request_id.empty()) response.set("X-Request-Id", request.request_id);
}

void add_cache_headers(const Request& request, Response& response) {
  const bool failed = response.status >= 400;
  const bool writes = request.method != Method::get && request.method != Method::head;
  const bool keep_nowhere = failed || writes || is_private(request, response);
  set_if_missing(response, "Cache-Control", keep_nowhere ? "no-store" : "no-cache");
  if (!is_api(request)) return;
  add_vary(response, "Authorization");
  add_vary(response, "Accept-Language");
}

}  // namespace narada::http
