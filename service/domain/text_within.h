#pragma once

#include <cstddef>
#include <string>

namespace narada::domain {

// The beginning of a text of UTF-8, at most so many octets, never a part of a character.
inline std::string text_within(std::string text, std::size_t most_octets) {
  if (text.size() <= most_octets) return text;
  while (most_octets > 0 && (static_cast<unsigned char>(text[most_octets]) & 0xC0) == 0x80)
    --most_octets;
  text.resize(most_octets);
  return text;
}

}  // namespace narada::domain
