#include "service/http/edge/url_encoding.h"

#include <algorithm>
#include <cstdint>

namespace narada::http::edge {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_continuation(unsigned char byte) { return (byte & 0xc0u) == 0x80u; }

// Length of the well-formed sequence at the start of `text`, or 0.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(byte(i))) return 0;
  }
  if (lead == 0xe0 && byte(1) < 0xa0) return 0;  // overlong
  if (lead == 0xed && byte(1) > 0x9f) return 0;  // surrogates
  if (lead == 0xf0 && byte(1) < 0x90) return 0;  // overlong
  if (lead == 0xf4 && byte(1) > 0x8f) return 0;  // above U+10FFFF
  return length;
}

bool has_dot_segment(std::string_view path) {
  if (path.find("/.") == std::string_view::npos) return false;
  for (std::size_t start = 1; start <= path.size();) {
    const auto end = std::min(path.find('/', start), path.size());
    const auto segment = path.substr(start, end - start);
    if (segment == "." || segment == "..") return true;
    start = end + 1;
  }
  return false;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view encoded, PlusSign plus) {
  std::string decoded;
  decoded.reserve(encoded.size());
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    const char c = encoded[i];
    if (c == '+' && plus == PlusSign::space) {
      decoded += ' ';
    } else if (c != '%') {
      decoded += c;
    } else {
      if (encoded.size() - i < 3) return std::nullopt;
      const int high = hex_value(encoded[i + 1]);
      const int low = hex_value(encoded[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return decoded;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool has_control_characters(std::string_view text, LineBreaks line_breaks) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != 0x7f) {
      const bool c1 =
          c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
      if (c1) return true;
      continue;
    }
    const bool line_break = c == '\r' || c == '\n';
    if (c != '\t' && !(line_break && line_breaks == LineBreaks::allowed)) return true;
  }
  return false;
}

std::optional<std::string> decode_path(std::string_view encoded) {
  if (encoded.empty() || encoded.front() != '/') return std::nullopt;
  auto path = percent_decode(encoded, PlusSign::literal);
  if (!path || !is_utf8(*path) || has_control_characters(*path, LineBreaks::refused) ||
      path->find('\t') != std::string::npos || has_dot_segment(*path)) {
    return std::nullopt;
  }
  return path;
}

std::optional<std::vector<std::pair<std::string, std::string>>> decode_query(
    std::string_view encoded) {
  std::vector<std::pair<std::string, std::string>> fields;
  while (!encoded.empty()) {
    const auto end = std::min(encoded.find('&'), encoded.size());
    const auto part = encoded.substr(0, end);
    encoded.remove_prefix(std::min(end + 1, encoded.size()));
    if (part.empty()) continue;
    const auto equals = std::min(part.find('='), part.size());
    auto name = percent_decode(part.substr(0, equals), PlusSign::space);
    auto value = percent_decode(part.substr(std::min(equals + 1, part.size())), PlusSign::space);
    for (const auto* text : {&name, &value}) {
      if (!*text || !is_utf8(**text) || has_control_characters(**text, LineBreaks::refused)) {
        return std::nullopt;
      }
    }
    fields.emplace_back(std::move(*name), std::move(*value));
  }
  return fields;
}

}  // namespace narada::http::edge
