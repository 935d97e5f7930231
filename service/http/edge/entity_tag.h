#pragma once

#include <string>
#include <string_view>

#include "service/http/message.h"

namespace narada::http::edge {

// Whether If-None-Match (RFC 9110 §13.1.2: "*" or a list; weak comparison) names the tag, which is
// written with its quotes.
bool etag_matches(std::string_view if_none_match, std::string_view etag);

// Sets ETag; a GET or HEAD whose If-None-Match names it becomes 304 without a body. Only a 200 is
// touched.
void apply_etag(const Request& request, Response& response, std::string etag);

}  // namespace narada::http::edge
