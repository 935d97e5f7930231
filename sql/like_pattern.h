#pragma once

#include <string>
#include <string_view>

namespace narada::storage {

// The operand of LIKE that finds `text` anywhere, with its wildcards taken as they stand.
inline std::string like_anywhere(std::string_view text) {
  std::string pattern = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + '%';
}

}  // namespace narada::storage
