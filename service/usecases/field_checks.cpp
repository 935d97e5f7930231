#include "service/usecases/field_checks.h"

#include <optional>

namespace narada::usecases {
namespace {

constexpr std::size_t kLongestUrl = 1000;

// One character of UTF-8 (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF).
struct Character {
  char32_t code = 0;
  std::size_t bytes = 0;
};

std::optional<Character> first_character(std::string_view text) {
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return Character{lead, 1};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return std::nullopt;
  char32_t code = lead & (0xFFU >> (bytes + 1));
  for (std::size_t index = 1; index < bytes; ++index) {
    if ((byte(index) & 0xC0) != 0x80) return std::nullopt;
    code = (code << 6) | (byte(index) & 0x3FU);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kLeast[bytes] || code > 0x10FFFF) return std::nullopt;
  if (code >= 0xD800 && code <= 0xDFFF) return std::nullopt;
  return Character{code, bytes};
}

bool is_control(char32_t code, Lines lines) {
  if (lines == Lines::many && (code == '\n' || code == '\t')) return false;
  if (code < 0x20 || (code >= 0x7F && code < 0xA0)) return true;
  if (code == 0x2028 || code == 0x2029) return true;  // line and paragraph separator
  return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

struct Measure {
  std::size_t characters = 0;
  bool utf8 = true;
  bool control = false;
};

Measure measure(std::string_view text, Lines lines) {
  Measure measured;
  while (!text.empty()) {
    const auto character = first_character(text);
    if (!character) return {measured.characters, false, measured.control};
    measured.control = measured.control || is_control(character->code, lines);
    ++measured.characters;
    text.remove_prefix(character->bytes);
  }
  return measured;
}

std::string with_plain_line_breaks(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t index = 0; index < text.size(); ++index) {
    if (text[index] != '\r') {
      plain += text[index];
    } else if (index + 1 == text.size() || text[index + 1] != '\n') {
      plain += '\n';
    }
  }
  return plain;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool is_http_url(std::string_view url) {
  const std::size_t scheme_ends = url.find("://");
  if (scheme_ends == std::string_view::npos) return false;
  const std::string_view scheme = url.substr(0, scheme_ends);
  if (scheme != "http" && scheme != "https") return false;
  if (url.find_first_of(" \"'<>\\^`{|}") != std::string_view::npos) return false;
  const std::string_view rest = url.substr(scheme_ends + 3);
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  return !host.empty() && host.front() != ':' && host.find('@') == std::string_view::npos;
}

}  // namespace

void FieldChecks::check_text(std::string_view field, std::string& value, const TextRule& rule) {
  // Of a single line a line break at either end is a blank, one inside is an error.
  if (value.find('\r') != std::string::npos) value = with_plain_line_breaks(value);
  value = std::string(trim(value));
  if (value.empty()) {
    if (rule.presence == Presence::required) add(field, "required");
    return;
  }
  const Measure measured = measure(value, rule.lines);
  if (!measured.utf8) {
    add(field, "not_utf8");
  } else if (measured.control) {
    add(field, "control_characters");
  } else if (measured.characters > rule.max) {
    add(field, "too_long", {{"max", std::to_string(rule.max)}});
  }
}

void FieldChecks::check_url(std::string_view field, std::string& value) {
  const std::size_t errors_before = errors_.size();
  check_text(field, value, {.max = kLongestUrl});
  if (errors_.size() != errors_before || value.empty()) return;
  if (!is_http_url(value)) add(field, "invalid_url");
}

void FieldChecks::check_range(std::string_view field, std::int64_t value, std::int64_t min,
                              std::int64_t max) {
  if (value >= min && value <= max) return;
  add(field, "out_of_range", {{"min", std::to_string(min)}, {"max", std::to_string(max)}});
}

bool FieldChecks::check_count(std::string_view field, std::size_t count, std::size_t max) {
  if (count <= max) return true;
  add(field, "too_many", {{"max", std::to_string(max)}});
  return false;
}

void FieldChecks::add(std::string_view field, std::string_view code,
                      std::map<std::string, std::string> details) {
  errors_.push_back({prefix_ + std::string(field), std::string(code), std::move(details)});
}

}  // namespace narada::usecases
