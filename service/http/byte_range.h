#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "service/http/message.h"

// Parts of a body that a client asks for (RFC 9110 §14).
namespace narada::http {

struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;  // at least one
  bool operator==(const ByteRange&) const = default;
};
struct WholeBody {  // no range, several, or one that is not understood
  bool operator==(const WholeBody&) const = default;
};
struct RangeNotSatisfiable {
  bool operator==(const RangeNotSatisfiable&) const = default;
};
using WantedRange = std::variant<ByteRange, WholeBody, RangeNotSatisfiable>;

// One "bytes=" range (RFC 9110 §14.1.2) of a body of `size` bytes.
WantedRange parse_range(std::string_view header, std::uint64_t size);

// What a GET wants of the answer, a 200 with a body of `size` bytes. If-Range (RFC 9110 §13.1.5) is
// compared with the answer's own ETag or Last-Modified; a range that hangs on anything else is
// answered whole.
WantedRange find_wanted_range(const Request& request, const Response& response, std::uint64_t size);

// The answer is 206 with that part of `size` bytes; its body is not touched.
void say_part(Response& response, ByteRange part, std::uint64_t size);
// The answer is 416, and has no body.
void say_not_satisfiable(Response& response, std::uint64_t size);

}  // namespace narada::http
