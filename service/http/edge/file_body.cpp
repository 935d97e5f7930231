#include "service/http/edge/file_body.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace narada::http::edge {
namespace {

FileBody cut_file(const FileBody& file, std::uint64_t from, std::uint64_t length) {
  return {file.descriptor, file.offset + from, length};
}

SegmentedBody cut_segments(const SegmentedBody& whole, ByteRange part) {
  SegmentedBody cut;
  std::uint64_t begin = 0;  // of the segment, in the whole
  const auto part_end = part.offset + part.length;
  for (const auto& segment : whole.segments) {
    const auto* file = std::get_if<FileBody>(&segment);
    const auto size = file != nullptr ? file->length : std::get<std::string>(segment).size();
    const auto first = std::max(begin, part.offset);
    const auto end = std::min(begin + size, part_end);
    if (first < end && file != nullptr)
      cut.segments.emplace_back(cut_file(*file, first - begin, end - first));
    else if (first < end)
      cut.segments.emplace_back(std::get<std::string>(segment).substr(first - begin, end - first));
    begin += size;
  }
  return cut;
}

void cut_body(Response& response, ByteRange part) {
  if (const auto* file = std::get_if<FileBody>(&response.body))
    response.body = cut_file(*file, part.offset, part.length);
  else
    response.body = cut_segments(std::get<SegmentedBody>(response.body), part);
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

void apply_range(const Request& request, Response& response) {
  if (!response.sends_files() || response.status != 200) return;
  response.set("Accept-Ranges", "bytes");
  const auto size = response.body_length();
  const auto wanted = find_wanted_range(request, response, size);
  if (const auto* part = std::get_if<ByteRange>(&wanted)) {
    say_part(response, *part, size);
    cut_body(response, *part);
  } else if (std::holds_alternative<RangeNotSatisfiable>(wanted)) {
    say_not_satisfiable(response, size);
  }
}

}  // namespace narada::http::edge
