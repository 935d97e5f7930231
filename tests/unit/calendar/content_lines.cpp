#include "tests/unit/calendar/content_lines.h"

#include <array>

namespace narada::calendar {
namespace {

bool is_utf8(std::string_view text) {
  for (std::size_t position = 0; position < text.size();) {
    const auto lead = static_cast<unsigned char>(text[position]);
    const std::size_t length = lead < 0x80             ? 1
                               : (lead & 0xE0) == 0xC0 ? 2
                               : (lead & 0xF0) == 0xE0 ? 3
                               : (lead & 0xF8) == 0xF0 ? 4
                                                       : 0;
    if (length == 0 || position + length > text.size()) return false;
    for (std::size_t index = 1; index < length; ++index) {
      if ((static_cast<unsigned char>(text[position + index]) & 0xC0) != 0x80) return false;
    }
    position += length;
  }
  return true;
}

bool has_control(std::string_view line) {
  for (const char c : line) {
    const auto octet = static_cast<unsigned char>(c);
    if ((octet < 0x20 && c != '\t') || octet == 0x7F) return true;
  }
  for (const std::string_view separator : {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
    if (line.find(separator) != std::string_view::npos) return true;
  }
  return false;
}

ContentLine split(std::string_view line) {
  bool is_quoted = false;
  std::size_t name_end = std::string_view::npos;
  for (std::size_t position = 0; position < line.size(); ++position) {
    const char c = line[position];
    if (c == '"') is_quoted = !is_quoted;
    if (is_quoted || (c != ';' && c != ':')) continue;
    if (name_end == std::string_view::npos) name_end = position;
    if (c == ';') continue;
    return {std::string(line.substr(0, name_end)),
            std::string(line.substr(name_end, position - name_end)),
            std::string(line.substr(position + 1))};
  }
  return {std::string(line), "", ""};
}

}  // namespace

std::string find_line_error(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find("\r\n");
    if (end == std::string_view::npos) return "no CRLF at the end of: " + std::string(text);
    const std::string_view line = text.substr(0, end);
    if (line.size() > 75) return "too long: " + std::string(line);
    if (has_control(line)) return "control character in: " + std::string(line);
    if (!is_utf8(line)) return "broken UTF-8 in: " + std::string(line);
    text.remove_prefix(end + 2);
  }
  return "";
}

std::vector<ContentLine> read_lines(std::string_view text) {
  std::vector<ContentLine> lines;
  std::string unfolded;
  while (!text.empty()) {
    const std::size_t end = text.find("\r\n");
    unfolded += text.substr(0, end);
    text.remove_prefix(end + 2);
    if (!text.empty() && text.front() == ' ') {
      text.remove_prefix(1);
      continue;
    }
    lines.push_back(split(unfolded));
    unfolded.clear();
  }
  return lines;
}

std::vector<std::string> values_of(const std::vector<ContentLine>& lines, std::string_view name) {
  std::vector<std::string> values;
  for (const ContentLine& line : lines) {
    if (line.name == name) values.push_back(line.value);
  }
  return values;
}

std::string unescape(std::string_view value) {
  std::string text;
  for (std::size_t position = 0; position < value.size(); ++position) {
    if (value[position] != '\\' || position + 1 == value.size()) {
      text += value[position];
      continue;
    }
    const char escaped = value[++position];
    text += escaped == 'n' || escaped == 'N' ? '\n' : escaped;
  }
  return text;
}

}  // namespace narada::calendar
