#pragma once

#include <string>
#include <string_view>

#include "service/http/message.h"

// Against requests that another site makes a browser send: Origin (or Sec-Fetch-Site) must be ours,
// and what the request brings must equal a cookie that another site can neither read nor set.
namespace narada::http {

bool is_own_origin(const Request& request, std::string_view base_url);

// "form_token"; on TLS with the prefix that keeps a neighbouring host from setting it.
std::string form_token_cookie(const Request& request);
bool is_form_token(std::string_view text);  // the shape of one
// In a time that tells nothing of where they differ.
bool is_same_secret(std::string_view left, std::string_view right);

// For requests of a script: X-CSRF-Token holds the "form_token" of the page it runs on.
bool has_own_token(const Request& request);

}  // namespace narada::http
