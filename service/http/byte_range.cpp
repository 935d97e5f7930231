#include "service/http/byte_range.h"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <optional>

#include "service/http/edge/field_checks.h"

namespace narada::http {
namespace {

std::optional<std::uint64_t> parse_number(std::string_view digits) {
  std::uint64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, number);
  if (digits.empty() || parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return number;
}

std::string content_range(std::string_view range, std::uint64_t size) {
  return "bytes " + std::string(range) + "/" + std::to_string(size);
}

// The name in lower case.
std::string_view header_of(const Response& response, std::string_view name) {
  for (const auto& [known, value] : response.headers)
    if (edge::is_same_token(known, name)) return value;
  return {};
}

std::optional<std::time_t> parse_http_date(const std::string& text) {
  std::tm parts{};
  const char* end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return ::timegm(&parts);
}

// Whether If-Range, if there is one, names what the answer holds: a strong tag, or the very
// Last-Modified, once its second is over so that no later change can bear it too (§8.8.2.2).
bool is_still_same(const Request& request, const Response& response) {
  const auto known = request.find_header("if-range");
  if (!known) return true;
  if (known->starts_with('"')) return header_of(response, "etag") == *known;
  if (header_of(response, "last-modified") != *known) return false;
  const auto modified = parse_http_date(std::string(*known));
  return modified && *modified < std::time(nullptr);
}

}  // namespace

std::variant<ByteRange, WholeBody, RangeNotSatisfiable> parse_range(std::string_view header,
                                                                    std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!header.starts_with(kUnit)) return WholeBody{};
  header.remove_prefix(kUnit.size());
  const auto dash = header.find('-');
  if (dash == std::string_view::npos || header.find(',') != std::string_view::npos) {
    return WholeBody{};
  }
  const auto first = parse_number(header.substr(0, dash));
  const auto last = parse_number(header.substr(dash + 1));
  if (dash == 0) {  // the last N bytes
    if (!last) return WholeBody{};
    if (*last == 0 || size == 0) return RangeNotSatisfiable{};
    const auto length = std::min(*last, size);
    return ByteRange{size - length, length};
  }
  const bool open_ended = dash + 1 == header.size();
  if (!first || (!last && !open_ended) || (last && *last < *first)) return WholeBody{};
  if (*first >= size) return RangeNotSatisfiable{};
  const auto end = last ? std::min(*last, size - 1) : size - 1;
  return ByteRange{*first, end - *first + 1};
}

WantedRange find_wanted_range(const Request& request, const Response& response,
                              std::uint64_t size) {
  const auto range = request.find_header("range");
  if (!range || request.method != Method::get || !is_still_same(request, response))
    return WholeBody{};
  return parse_range(*range, size);
}

void say_part(Response& response, ByteRange part, std::uint64_t size) {
  response.status = 206;
  const auto text =
      std::to_string(part.offset) + "-" + std::to_string(part.offset + part.length - 1);
  response.set("Content-Range", content_range(text, size));
}

void say_not_satisfiable(Response& response, std::uint64_t size) {
  response.status = 416;
  response.set("Content-Range", content_range("*", size));
  response.body = std::string();
}

}  // namespace narada::http
