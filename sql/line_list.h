#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace narada::storage {

// Texts without line breaks kept in one column, one a line; no texts are an empty column.
inline std::string join_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    if (!text.empty()) text += '\n';
    text += line;
  }
  return text;
}

inline std::vector<std::string> split_lines(std::string_view text, char separator = '\n') {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    if (const auto line = text.substr(0, end); !line.empty()) lines.emplace_back(line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace narada::storage
