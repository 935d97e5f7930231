#include "service/usecases/search/search_words.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace narada::usecases {
namespace {

void append(std::string& text, UChar32 c) {
  std::array<std::uint8_t, U8_MAX_LENGTH> octets{};
  std::int32_t size = 0;
  U8_APPEND_UNSAFE(octets.data(), size, c);
  text.append(octets.begin(), octets.begin() + size);
}

// Letters that Unicode does not take apart.
std::string_view spelled_out(UChar32 c) {
  switch (c) {
    case 0x142:
      return "l";
    case 0xDF:
      return "ss";
    case 0xF8:
      return "o";
    case 0x111:
      return "d";
    case 0xE6:
      return "ae";
    case 0x153:
      return "oe";
    default:
      return "";
  }
}

void append_folded(std::string& text, UChar32 c) {
  constexpr UChar32 kAscii = 0x80;
  if (c < kAscii) return append(text, c);
  if (const auto letters = spelled_out(c); !letters.empty()) {
    text += letters;
    return;
  }
  UErrorCode error = U_ZERO_ERROR;
  static const UNormalizer2* const kNormalizer = unorm2_getNFKDInstance(&error);
  std::array<UChar, 32> parts{};
  const auto size = unorm2_getDecomposition(kNormalizer, c, parts.data(), parts.size(), &error);
  if (U_FAILURE(error) || size <= 0) return append(text, c);
  append(text, parts[0]);
}

bool is_mark(UChar32 c) { return u_charType(c) == U_NON_SPACING_MARK; }

}  // namespace

std::vector<SearchWord> split_search_words(std::string_view text, std::size_t most) {
  constexpr std::size_t kLongestWord = 60;  // octets; longer ones are cut
  std::vector<SearchWord> words;
  const auto* octets = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(std::min<std::size_t>(text.size(), INT32_MAX));
  bool inside = false;
  for (std::int32_t at = 0; at < size;) {
    const auto begin = static_cast<std::size_t>(at);
    UChar32 c = 0;
    U8_NEXT(octets, at, size, c);
    if (c >= 0 && inside && is_mark(c)) {
      words.back().end = static_cast<std::size_t>(at);
      continue;
    }
    if (c < 0 || !u_isalnum(c)) {
      inside = false;
      continue;
    }
    if (!inside) {
      if (words.size() == most) return words;
      words.push_back({begin, begin, {}, {}});
      inside = true;
    }
    SearchWord& word = words.back();
    word.end = static_cast<std::size_t>(at);
    if (word.lower.size() >= kLongestWord) continue;
    const UChar32 lower = u_tolower(c);
    append(word.lower, lower);
    append_folded(word.folded, lower);
  }
  return words;
}

std::string fold_search_text(std::string_view text) {
  std::string folded;
  for (const SearchWord& word : split_search_words(text)) {
    if (!folded.empty()) folded += ' ';
    folded += word.folded;
  }
  return folded;
}

bool is_small_word(std::string_view folded) {
  static constexpr std::array<std::string_view, 40> kSmall{
      "a",   "aby",  "ale",  "albo",  "by",  "czy", "dla", "do",  "i",   "ich",
      "jak", "jako", "lub",  "na",    "nad", "nie", "o",   "od",  "of",  "oraz",
      "po",  "pod",  "przy", "przez", "sa",  "sie", "ta",  "te",  "ten", "to",
      "u",   "w",    "we",   "z",     "za",  "ze",  "and", "the", "in",  "for"};
  return std::find(kSmall.begin(), kSmall.end(), folded) != kSmall.end();
}

}  // namespace narada::usecases
