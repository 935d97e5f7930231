#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace narada::http::edge {

enum class PlusSign { literal, space };

// Percent-decoded once; nullopt for a '%' that two hexadecimal digits do not follow.
std::optional<std::string> percent_decode(std::string_view encoded, PlusSign plus);

// Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

enum class LineBreaks { refused, allowed };

// Whether UTF-8 text holds a control character (C0, DEL, C1) other than tab and, where they are
// allowed, CR and LF.
bool has_control_characters(std::string_view text, LineBreaks line_breaks);

// The path of a request target, decoded; nullopt unless it starts with '/', is UTF-8 without any
// control character and has no "." or ".." segment.
std::optional<std::string> decode_path(std::string_view encoded);

// name=value&… in order, '+' as space; nullopt when one part is not clean UTF-8 on one line.
std::optional<std::vector<std::pair<std::string, std::string>>> decode_query(
    std::string_view encoded);

}  // namespace narada::http::edge
