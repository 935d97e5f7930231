#include "service/http/own_request.h"

#include <algorithm>

namespace narada::http {
namespace {

constexpr std::size_t kTokenLength = 43;  // 256 bits in base64url

std::string host_of(std::string_view url) {
  const auto start = url.find("://");
  if (start == std::string_view::npos) return {};
  auto host = url.substr(start + 3);
  return std::string(host.substr(0, host.find('/')));
}

}  // namespace

// On TLS the prefix keeps a neighbouring host from setting it (RFC 6265bis 4.1.3.2).
std::string form_token_cookie(const Request& request) {
  return request.secure ? "__Host-form_token" : "form_token";
}

bool is_own_origin(const Request& request, std::string_view base_url) {
  if (const auto site = request.find_header("sec-fetch-site");
      site && *site != "same-origin" && *site != "none")
    return false;
  const auto origin = request.find_header("origin");
  if (!origin) return true;  // an old browser; the token decides
  const auto host = host_of(*origin);
  return !host.empty() && (host == request.header("host") || host == host_of(base_url));
}

bool is_same_secret(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < left.size(); ++i)
    difference |= static_cast<unsigned>(static_cast<unsigned char>(left[i]) ^
                                        static_cast<unsigned char>(right[i]));
  return difference == 0;
}

bool is_form_token(std::string_view text) {
  return text.size() == kTokenLength && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_';
         });
}

bool has_own_token(const Request& request) {
  const auto cookie = request.cookie(form_token_cookie(request));
  return cookie && is_form_token(*cookie) &&
         is_same_secret(*cookie, request.header("x-csrf-token"));
}

}  // namespace narada::http
