#pragma once

#include <string>
#include <string_view>

#include "service/domain/time.h"
#include "service/http/message.h"

// How files that people brought are handed out (RFC 6266, RFC 8187, RFC 9110).
namespace narada::http {

enum class Disposition { in_line, attachment };
// With the name in ASCII for old clients and as it is for all others. Directories, control
// characters and those that turn the writing around are left out of it.
std::string content_disposition(Disposition disposition, std::string_view file_name);

// "Sat, 21 Nov 2026 10:00:00 GMT"
std::string http_date(domain::Instant at);

// A file name as one segment of a path, percent-encoded; never empty.
std::string path_segment_of(std::string_view file_name);

// What every answer with somebody's file says, so that no browser takes it for a page of ours.
// `media_type`: from the inspection, never from who sent it.
void set_file_headers(Response& response, const std::string& media_type,
                      const std::string& disposition);

// Whether a browser may show such content by itself.
Disposition disposition_of(std::string_view media_type);

}  // namespace narada::http
