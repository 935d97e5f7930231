#include "service/usecases/slug.h"

#include <algorithm>
#include <array>
#include <utility>

namespace narada::usecases {
namespace {

constexpr std::size_t kLongest = 80;

// The letters of Polish and of its neighbours; what is in no row separates words.
constexpr std::array<std::pair<std::string_view, std::string_view>, 70> kLetters{{
    {"ą", "a"}, {"ć", "c"}, {"ę", "e"}, {"ł", "l"},  {"ń", "n"}, {"ó", "o"}, {"ś", "s"}, {"ź", "z"},
    {"ż", "z"}, {"Ą", "a"}, {"Ć", "c"}, {"Ę", "e"},  {"Ł", "l"}, {"Ń", "n"}, {"Ó", "o"}, {"Ś", "s"},
    {"Ź", "z"}, {"Ż", "z"}, {"á", "a"}, {"ä", "a"},  {"â", "a"}, {"à", "a"}, {"å", "a"}, {"č", "c"},
    {"ç", "c"}, {"ď", "d"}, {"é", "e"}, {"è", "e"},  {"ë", "e"}, {"ě", "e"}, {"ê", "e"}, {"í", "i"},
    {"î", "i"}, {"ï", "i"}, {"ľ", "l"}, {"ň", "n"},  {"ñ", "n"}, {"ô", "o"}, {"ö", "o"}, {"ø", "o"},
    {"ŕ", "r"}, {"ř", "r"}, {"š", "s"}, {"ß", "ss"}, {"ť", "t"}, {"ú", "u"}, {"ü", "u"}, {"ů", "u"},
    {"ý", "y"}, {"ž", "z"}, {"Á", "a"}, {"Ä", "a"},  {"Å", "a"}, {"Č", "c"}, {"Ď", "d"}, {"É", "e"},
    {"Ě", "e"}, {"Í", "i"}, {"Ň", "n"}, {"Ö", "o"},  {"Ø", "o"}, {"Ř", "r"}, {"Š", "s"}, {"Ť", "t"},
    {"Ú", "u"}, {"Ü", "u"}, {"Ů", "u"}, {"Ý", "y"},  {"Ž", "z"}, {"’", ""},
}};

// The ASCII for the character that `text` begins with, and the number of bytes it takes.
std::pair<std::string, std::size_t> transliterate(std::string_view text) {
  const char c = text.front();
  if (c >= 'A' && c <= 'Z') return {std::string(1, static_cast<char>(c - 'A' + 'a')), 1};
  if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) return {std::string(1, c), 1};
  for (const auto& [letter, ascii] : kLetters) {
    if (text.starts_with(letter)) return {std::string(ascii), letter.size()};
  }
  std::size_t bytes = 1;
  while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) ++bytes;
  return {"-", bytes};
}

}  // namespace

std::string make_slug(std::string_view title, std::string_view prefix) {
  std::string slug;
  while (!title.empty()) {
    const auto [ascii, bytes] = transliterate(title);
    if (ascii != "-" || (!slug.empty() && slug.back() != '-')) slug += ascii;
    title.remove_prefix(bytes);
  }
  if (slug.size() > kLongest) {
    const std::size_t word_end = slug.rfind('-', kLongest);
    slug.resize(word_end == std::string::npos ? kLongest : word_end);
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  if (slug.empty()) return std::string(prefix);
  if (slug.find_first_not_of("0123456789") == std::string::npos) {
    return std::string(prefix) + '-' + slug;
  }
  return slug;
}

bool could_be_key(std::string_view text) {
  constexpr std::size_t kLongestKey = 160;
  return !text.empty() && text.size() <= kLongestKey &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

std::string free_slug(const std::string& stem, const std::vector<std::string>& taken) {
  // Pages of their own beside those of things: /praktyki/mapa, /praktyki/zglos.
  const auto is_taken = [&](const std::string& slug) {
    return slug == "mapa" || slug == "zglos" ||
           std::find(taken.begin(), taken.end(), slug) != taken.end();
  };
  if (!is_taken(stem)) return stem;
  int number = 2;
  while (is_taken(stem + '-' + std::to_string(number))) ++number;
  return stem + '-' + std::to_string(number);
}

}  // namespace narada::usecases
