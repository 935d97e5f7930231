#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace narada::http {

// One field of a multipart/form-data body (RFC 7578): a text, or a file with the name that the
// sender gives it, which is only ever shown, never used as a path.
struct FormPart {
  std::string name;
  std::optional<std::string> file_name;  // absent: a field that is no file
  std::string content;                   // octets as sent
};

// The parts in their order. Strict: the body begins with its first boundary and ends with its last,
// lines end in CRLF, each part names itself and carries no headers but Content-Disposition and
// Content-Type. Absent for anything else, for more than 256 parts, a head of more than 2 KiB or a
// boundary of more than 70 characters (RFC 2046 5.1.1).
std::optional<std::vector<FormPart>> parse_multipart_form(std::string_view content_type,
                                                          std::string_view body);

}  // namespace narada::http
