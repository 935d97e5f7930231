#include "service/http/multipart.h"

#include "service/http/multipart_head.h"

namespace narada::http {

std::optional<std::vector<FormPart>> parse_multipart_form(std::string_view content_type,
                                                          std::string_view body) {
  const auto boundary = find_boundary(content_type);
  if (!boundary) return std::nullopt;
  const std::string first = "--" + *boundary;
  const std::string between = "\r\n--" + *boundary;
  if (!body.starts_with(first)) return std::nullopt;
  body.remove_prefix(first.size());
  std::vector<FormPart> parts;
  for (;;) {
    if (body == "--" || body == "--\r\n") return parts;
    if (!body.starts_with("\r\n") || parts.size() == kMostParts) return std::nullopt;
    body.remove_prefix(2);
    const auto head_end = body.substr(0, kLongestPartHead).find("\r\n\r\n");
    if (head_end == std::string_view::npos) return std::nullopt;
    FormPart& part = parts.emplace_back();
    if (!read_part_head(body.substr(0, head_end), part)) return std::nullopt;
    body.remove_prefix(head_end + 4);
    const auto content_end = body.find(between);
    if (content_end == std::string_view::npos) return std::nullopt;
    part.content = body.substr(0, content_end);
    body.remove_prefix(content_end + between.size());
  }
}

}  // namespace narada::http
