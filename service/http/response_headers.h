#pragma once

#include <string>
#include <string_view>

#include "service/http/message.h"

namespace narada::http {

// The policy of every page but those that may be framed or that say otherwise.
inline constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

// First value whatever the case of the name, or empty. Lives as long as the header.
std::string_view find_header(const Response& response, std::string_view name);
bool has_header(const Response& response, std::string_view name);
// One more name in Vary, once.
void add_vary(Response& response, std::string_view name);

// What every answer carries: the security headers and X-Request-Id. A header that the handler has
// set itself stays, so that a widget may allow frames.
void add_security_headers(const Request& request, Response& response);

// Cache-Control where the handler has not decided: no-store for what only one reader may see or
// what went wrong, otherwise no-cache, which lets a cache keep it and ask each time.
void add_cache_headers(const Request& request, Response& response);

}  // namespace narada::http
