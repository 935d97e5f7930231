#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace narada::domain {

// The SHA-256 of a file's content: what it is called in the store of files. 64 lower-case
// hexadecimal digits; empty: not known yet.
struct ContentDigest {
  std::string hex;

  friend auto operator<=>(const ContentDigest&, const ContentDigest&) = default;
};

inline bool is_content_digest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace narada::domain
