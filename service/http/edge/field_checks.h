#pragma once

#include <optional>
#include <string_view>

#include "service/http/edge/request_parser.h"

namespace narada::http::edge {

// What the fields of a head say together and Boost.Beast does not judge: exactly one usable Host
// (RFC 9112 §3.2), Transfer-Encoding exactly "chunked" and only in HTTP/1.1 (§6.1), one plain
// Content-Length (§6.3), Expect (RFC 9110 §10.1.1). Returns 0 or the status that refuses the
// request, and sets expects_continue.
int check_fields(RequestHead& head, bool has_content_length);

bool is_same_token(std::string_view a, std::string_view b);  // ASCII, without regard to case

}  // namespace narada::http::edge
