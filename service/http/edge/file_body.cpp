#include "service/http/edge/file_body.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

namespace narada::http::edge {
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

}  // namespace

std::optional<FileBody> open_file_body(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return std::nullopt;
  FileBody body;
  body.descriptor = std::shared_ptr<int>(new int(fd), [](int* owned) {
    ::close(*owned);
    delete owned;
  });
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  body.length = static_cast<std::uint64_t>(status.st_size);
  return body;
}

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

void apply_range(const Request& request, Response& response) {
  auto* file = std::get_if<FileBody>(&response.body);
  if (file == nullptr || response.status != 200) return;
  response.set("Accept-Ranges", "bytes");
  const auto range = request.find_header("range");
  if (!range || request.method != Method::get || request.find_header("if-range")) return;
  const auto wanted = parse_range(*range, file->length);
  if (const auto* part = std::get_if<ByteRange>(&wanted)) {
    response.status = 206;
    const auto text =
        std::to_string(part->offset) + "-" + std::to_string(part->offset + part->length - 1);
    response.set("Content-Range", content_range(text, file->length));
    file->offset += part->offset;
    file->length = part->length;
  } else if (std::holds_alternative<RangeNotSatisfiable>(wanted)) {
    response.status = 416;
    response.set("Content-Range", content_range("*", file->length));
    response.body = std::string();
  }
}

}  // namespace narada::http::edge
