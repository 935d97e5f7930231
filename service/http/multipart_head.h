#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "service/http/multipart.h"

// The grammar of multipart/form-data (RFC 7578), for those who read it whole and piece by piece.
namespace narada::http {

inline constexpr std::size_t kMostParts = 256;
inline constexpr std::size_t kLongestPartHead = 2048;  // octets, with the empty line

// Absent when the content type is another, or its boundary is none.
std::optional<std::string> find_boundary(std::string_view content_type);

// The lines before the empty one, without it. False: not what a form sends.
bool read_part_head(std::string_view head, FormPart& part);

}  // namespace narada::http
