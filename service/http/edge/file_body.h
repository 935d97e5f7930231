#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "service/http/message.h"

namespace narada::http::edge {

// Opens a regular file for sending; nullopt when it is absent, a symbolic link or no regular file.
std::optional<FileBody> open_file_body(const std::string& path);

struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  bool operator==(const ByteRange&) const = default;
};
struct WholeBody {  // no range, several, or one that is not understood
  bool operator==(const WholeBody&) const = default;
};
struct RangeNotSatisfiable {
  bool operator==(const RangeNotSatisfiable&) const = default;
};

// One "bytes=" range (RFC 9110 §14.1.2) of a body of `size` bytes.
std::variant<ByteRange, WholeBody, RangeNotSatisfiable> parse_range(std::string_view header,
                                                                    std::uint64_t size);

// Turns a 200 with files in its body into 206 or 416 when a GET asks for a range and into an answer
// with Accept-Ranges otherwise; leaves every other response alone. The server applies it to all
// answers. If-Range (RFC 9110 §13.1.5) is compared with the answer's own ETag or Last-Modified; a
// range that hangs on anything else is answered whole.
void apply_range(const Request& request, Response& response);

}  // namespace narada::http::edge
