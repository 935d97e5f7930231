#include "service/domain/file_name.h"

#include <array>
#include <cstdint>
#include <vector>

namespace narada::domain {
namespace {

constexpr std::size_t kLongestEnding = 12;  // characters, with the dot

struct Character {
  std::uint32_t code = 0;
  std::string_view bytes;
};

// The next character of well-formed UTF-8 (RFC 3629); of anything else one octet with code 0.
Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const Character broken{0, text.substr(0, 1)};
  std::size_t length = 1;
  std::uint32_t code = byte(0);
  if (code < 0x80) return {code, text.substr(0, 1)};
  if (code >= 0xC2 && code <= 0xDF) {
    length = 2;
    code &= 0x1F;
  } else if (code >= 0xE0 && code <= 0xEF) {
    length = 3;
    code &= 0x0F;
  } else if (code >= 0xF0 && code <= 0xF4) {
    length = 4;
    code &= 0x07;
  } else {
    return broken;
  }
  if (text.size() < length) return broken;
  for (std::size_t at = 1; at < length; ++at) {
    if ((byte(at) & 0xC0) != 0x80) return broken;
    code = (code << 6) | (byte(at) & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  if (code < kLeast[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return broken;
  return {code, text.substr(0, length)};
}

// Nothing that is seen, or something that changes how its neighbours are seen.
bool is_unseen(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xAD || code == 0x61C ||
         (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
         (code >= 0xFFF0 && code <= 0xFFFB) || (code & 0xFFFE) == 0xFFFE ||
         (code >= 0xE0000 && code <= 0xE0FFF);
}

std::string join(const std::vector<std::string_view>& characters, std::size_t begin,
                 std::size_t end) {
  std::string text;
  for (std::size_t at = begin; at < end; ++at) text += characters[at];
  return text;
}

}  // namespace

std::string shown_file_name(std::string_view sent, std::string_view nameless) {
  std::vector<std::string_view> characters;
  while (!sent.empty()) {
    const auto character = first_character(sent);
    sent.remove_prefix(character.bytes.size());
    if (character.code == '/' || character.code == '\\') {
      characters.clear();
    } else if (!is_unseen(character.code)) {
      characters.push_back(character.bytes);
    }
  }
  const auto is_blank = [](std::string_view c) { return c == " " || c == "\xC2\xA0"; };
  while (!characters.empty() && (is_blank(characters.back()) || characters.back() == ".")) {
    characters.pop_back();
  }
  std::size_t begin = 0;
  while (begin < characters.size() && is_blank(characters[begin])) ++begin;
  if (begin == characters.size()) return std::string(nameless);
  const std::size_t length = characters.size() - begin;
  if (length <= kLongestFileName) return join(characters, begin, characters.size());
  std::size_t ending = characters.size();
  for (std::size_t at = characters.size(); at-- > characters.size() - kLongestEnding;) {
    if (characters[at] != ".") continue;
    ending = at;
    break;
  }
  const std::size_t kept = kLongestFileName - (characters.size() - ending);
  return join(characters, begin, begin + kept) + join(characters, ending, characters.size());
}

}  // namespace narada::domain
