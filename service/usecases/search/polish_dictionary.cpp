#include <array>
#include <cstdint>
#include <filesystem>
#include <hunspell.hxx>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "service/usecases/search/search_words.h"

namespace narada::usecases {
namespace {

// Where Debian's hunspell-pl puts it.
constexpr const char* kRules = "/usr/share/hunspell/pl_PL.aff";
constexpr const char* kWords = "/usr/share/hunspell/pl_PL.dic";

struct Letter {
  std::string_view utf8;
  char latin2;  // the dictionary is in ISO 8859-2
  char ascii;
};
constexpr std::array<Letter, 18> kLetters{{
    {"ą", '\xB1', 'a'},
    {"ć", '\xE6', 'c'},
    {"ę", '\xEA', 'e'},
    {"ł", '\xB3', 'l'},
    {"ń", '\xF1', 'n'},
    {"ó", '\xF3', 'o'},
    {"ś", '\xB6', 's'},
    {"ź", '\xBC', 'z'},
    {"ż", '\xBF', 'z'},
    {"Ą", '\xA1', 0},
    {"Ć", '\xC6', 0},
    {"Ę", '\xCA', 0},
    {"Ł", '\xA3', 0},
    {"Ń", '\xD1', 0},
    {"Ó", '\xD3', 0},
    {"Ś", '\xA6', 0},
    {"Ź", '\xAC', 0},
    {"Ż", '\xAF', 0},
}};
constexpr std::size_t kLowerLetters = 9;

// Empty: has letters that are not Polish.
std::string to_latin2(std::string_view text) {
  std::string converted;
  while (!text.empty()) {
    std::size_t taken = 0;
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      converted += text.front();
      taken = 1;
    }
    for (const Letter& letter : kLetters) {
      if (taken == 0 && text.starts_with(letter.utf8)) {
        converted += letter.latin2;
        taken = letter.utf8.size();
      }
    }
    if (taken == 0) return {};
    text.remove_prefix(taken);
  }
  return converted;
}

std::string to_utf8(std::string_view latin2) {
  std::string converted;
  for (const char c : latin2) {
    const Letter* found = nullptr;
    for (const Letter& letter : kLetters) {
      if (letter.latin2 == c) found = &letter;
    }
    if (found != nullptr) {
      converted += found->utf8;
    } else if (static_cast<unsigned char>(c) < 0x80) {
      converted += c;
    }
  }
  return converted;
}

// "ł" to "Ł", in ISO 8859-2.
std::string with_capital(std::string word) {
  char& first = word.front();
  if (first >= 'a' && first <= 'z') {
    first = static_cast<char>(first - 'a' + 'A');
    return word;
  }
  for (std::size_t index = 0; index < kLowerLetters; ++index) {
    if (kLetters[index].latin2 == first) {
      first = kLetters[index + kLowerLetters].latin2;
      break;
    }
  }
  return word;
}

// Hunspell changes itself while it is asked, so one at a time; what it said is kept.
class Dictionary {
 public:
  Dictionary() {
    if (auto problem = find_dictionary_problem(); !problem.empty())
      throw std::runtime_error(problem);
    hunspell_ = std::make_unique<Hunspell>(kRules, kWords);
  }

  const std::vector<std::string>& forms(const std::string& lower) {
    {
      const std::shared_lock lock(mutex_);
      if (const auto found = known_.find(lower); found != known_.end()) return *found->second;
    }
    const std::unique_lock lock(mutex_);
    if (const auto found = known_.find(lower); found != known_.end()) return *found->second;
    auto forms = std::make_unique<std::vector<std::string>>(ask(to_latin2(lower)));
    return *known_.emplace(lower, std::move(forms)).first->second;
  }

  std::vector<std::string> forms_with_diacritics(const std::string& folded) {
    const std::unique_lock lock(mutex_);
    std::vector<std::string> forms;
    int left = kMostSpellings;
    std::string word = folded;
    try_spellings(word, 0, left, forms);
    return forms;
  }

 private:
  static constexpr int kMostSpellings = 400;  // a word of nine letters that may bear diacritics

  std::vector<std::string> ask(const std::string& latin2) {
    std::vector<std::string> forms;
    if (latin2.empty()) return forms;
    for (const auto& word : {latin2, with_capital(latin2)}) {
      for (const auto& form : hunspell_->stem(word)) add(to_utf8(form), forms);
    }
    return forms;
  }

  static void add(const std::string& form, std::vector<std::string>& forms) {
    const auto words = split_search_words(form, 2);
    if (words.size() != 1) return;
    for (const auto& known : forms) {
      if (known == words.front().lower) return;
    }
    forms.push_back(words.front().lower);
  }

  // Every way to put diacritics on the letters from `at` on.
  void try_spellings(std::string& word, std::size_t at, int& left,
                     std::vector<std::string>& forms) {
    if (left <= 0) return;
    if (at == word.size()) {
      --left;
      for (const auto& form : ask(word)) add(form, forms);
      return;
    }
    try_spellings(word, at + 1, left, forms);
    const char plain = word[at];
    for (std::size_t index = 0; index < kLowerLetters; ++index) {
      if (kLetters[index].ascii != plain) continue;
      word[at] = kLetters[index].latin2;
      try_spellings(word, at + 1, left, forms);
      word[at] = plain;
    }
  }

  std::shared_mutex mutex_;
  std::unique_ptr<Hunspell> hunspell_;
  std::unordered_map<std::string, std::unique_ptr<std::vector<std::string>>> known_;
};

Dictionary& dictionary() {
  static Dictionary dictionary;
  return dictionary;
}

}  // namespace

std::string find_dictionary_problem() {
  for (const char* path : {kRules, kWords}) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error))
      return std::string(path) + " is not there: install the package hunspell-pl";
  }
  return {};
}

const std::vector<std::string>& basic_forms(const std::string& lower) {
  return dictionary().forms(lower);
}

std::vector<std::string> basic_forms_with_diacritics(const std::string& folded) {
  return dictionary().forms_with_diacritics(folded);
}

}  // namespace narada::usecases
