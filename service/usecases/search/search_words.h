#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace narada::usecases {

// A run of letters and digits of a text.
struct SearchWord {
  std::size_t begin = 0;  // octets of the text
  std::size_t end = 0;
  std::string lower;   // in lower case
  std::string folded;  // without diacritics too: "zażółć" and "zazolc" are one
};
// The first `most` of them. Octets that are no UTF-8 separate words.
std::vector<SearchWord> split_search_words(std::string_view text, std::size_t most = 1U << 20);
std::string fold_search_text(std::string_view text);

// The forms of a word that a dictionary knows as its basic ones, in lower case with diacritics, all
// of them where it is ambiguous; none for a word that the dictionary does not have. Names, which
// stand in it with a capital letter, count too. By Hunspell and the Polish dictionary of Debian,
// loaded once for the process. Thread-safe. Throws std::runtime_error when the dictionary is not
// there.
const std::vector<std::string>& basic_forms(const std::string& lower);
// The same of a word written without diacritics: the basic forms of every word of the dictionary
// that is written so but for them.
std::vector<std::string> basic_forms_with_diacritics(const std::string& folded);
// What is wrong with the dictionary, for `narada check`; empty: nothing.
std::string find_dictionary_problem();

// Words that tell nothing of what is sought ("w", "oraz", "the").
bool is_small_word(std::string_view folded);

}  // namespace narada::usecases
