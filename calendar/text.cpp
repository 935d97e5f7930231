#include "calendar/text.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

namespace narada::calendar {
namespace {

constexpr UChar32 kReplacement = 0xFFFD;
constexpr std::size_t kMostOctets = 75;  // of a line without its CRLF, RFC 5545 3.1

void append_code_point(std::string& out, UChar32 code_point) {
  std::array<std::uint8_t, U8_MAX_LENGTH> octets{};
  std::int32_t length = 0;
  UBool failed = false;
  U8_APPEND(octets.data(), length, U8_MAX_LENGTH, code_point, failed);
  if (!failed) out.append(octets.begin(), octets.begin() + length);
}

// Also NEL and the separators of Unicode, at which some readers split lines.
bool is_line_end(UChar32 c) {
  return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

bool is_control(UChar32 c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

bool starts_with_ignoring_case(std::string_view text, std::string_view lower_prefix) {
  return text.size() >= lower_prefix.size() &&
         std::equal(lower_prefix.begin(), lower_prefix.end(), text.begin(), [](char a, char b) {
           return a == std::tolower(static_cast<unsigned char>(b));
         });
}

void append_percent_encoded(std::string& out, unsigned char octet) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  out += '%';
  out += kDigits[octet >> 4];
  out += kDigits[octet & 0xF];
}

std::string escape_text(std::string_view value) {
  std::string escaped;
  escaped.reserve(value.size());
  for (const char c : value) {
    if (c == '\n') {
      escaped += "\\n";
      continue;
    }
    if (c == '\\' || c == ';' || c == ',') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace

std::string clean_text(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  const auto* octets = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto length = static_cast<std::int64_t>(text.size());
  UChar32 previous = 0;
  for (std::int64_t position = 0; position < length;) {
    const std::int64_t start = position;
    UChar32 c = 0;
    U8_NEXT(octets, position, length, c);
    if (c < 0) {
      append_code_point(clean, kReplacement);
    } else if (is_line_end(c)) {
      if (c != '\n' || previous != '\r') clean += '\n';
    } else if (c == '\t' || !is_control(c)) {
      clean.append(
          text.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(position - start)));
    }
    previous = c;
  }
  return clean;
}

std::string clean_line(std::string_view text) {
  std::string clean = clean_text(text);
  std::replace(clean.begin(), clean.end(), '\n', ' ');
  std::replace(clean.begin(), clean.end(), '\t', ' ');
  return clean;
}

std::string clean_parameter(std::string_view text) {
  std::string parameter;
  bool is_open = false;
  for (const char c : clean_line(text)) {
    if (c == '"') {
      parameter += is_open ? "”" : "„";
      is_open = !is_open;
    } else if (c == '^') {
      parameter += "ˆ";
    } else {
      parameter += c;
    }
  }
  return parameter;
}

std::optional<std::string> clean_web_address(std::string_view address) {
  constexpr std::string_view kNotInUris = " \"<>\\^`{|}";
  std::string clean;
  clean.reserve(address.size());
  for (const char c : address) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20 || octet == 0x7F) continue;
    if (octet >= 0x80 || kNotInUris.find(c) != std::string_view::npos) {
      append_percent_encoded(clean, octet);
    } else {
      clean += c;
    }
  }
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!starts_with_ignoring_case(clean, scheme)) continue;
    const std::string_view rest = std::string_view(clean).substr(scheme.size());
    if (rest.empty() || std::string_view("/?#").find(rest.front()) != std::string_view::npos) break;
    return clean;
  }
  return std::nullopt;
}

std::optional<std::string> to_mailto(std::string_view email) {
  constexpr std::string_view kSeparators = "\"<>()[]:;,\\`{|}";
  constexpr std::string_view kOfUris = "%?#/&^";  // mean something else in a mailto URI, RFC 6068
  std::string uri = "mailto:";
  std::size_t ats = 0;
  for (const char c : email) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet <= 0x20 || octet == 0x7F) return std::nullopt;
    if (kSeparators.find(c) != std::string_view::npos) return std::nullopt;
    if (c == '@') ++ats;
    if (octet >= 0x80 || kOfUris.find(c) != std::string_view::npos) {
      append_percent_encoded(uri, octet);
    } else {
      uri += c;
    }
  }
  if (ats != 1 || email.front() == '@' || email.back() == '@') return std::nullopt;
  return uri;
}

std::string write_text_line(std::string_view name, std::string_view value) {
  std::string line(name);
  line += ':';
  line += escape_text(value);
  std::string folded;
  std::size_t start = 0;
  std::size_t room = kMostOctets;
  while (line.size() - start > room) {
    std::size_t end = start + room;
    while ((static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;  // inside a character
    folded.append(line, start, end - start).append("\r\n ");
    start = end;
    room = kMostOctets - 1;  // the space that begins a continuation counts
  }
  return folded.append(line, start).append("\r\n");
}

}  // namespace narada::calendar
