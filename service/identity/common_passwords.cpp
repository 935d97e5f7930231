#include "service/identity/common_passwords.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace narada::identity {
namespace {

// What is left of the most used passwords of the yearly rankings of leaks (SplashData, NordPass,
// the 2022 list of Polish leaks by CERT Polska) when digits and signs around them are cut off. A
// list of whole passwords of twelve characters and more would hold little else than these words
// with something around them.
constexpr std::array kWords = {"abc",           "access",
                               "admin",         "adrian",
                               "agnieszka",     "aleksandra",
                               "andrzej",       "aneta",
                               "angel",         "anna",
                               "arsenal",       "asdasd",
                               "asdf",          "asdfgh",
                               "asdfghjkl",     "ashley",
                               "azerty",        "baby",
                               "barcelona",     "bartek",
                               "baseball",      "batman",
                               "beata",         "biedronka",
                               "buster",        "chelsea",
                               "chocolate",     "computer",
                               "cookie",        "damian",
                               "daniel",        "dawid",
                               "default",       "diamond",
                               "dominik",       "dominika",
                               "dorota",        "dragon",
                               "dupa",          "dupadupa",
                               "ewelina",       "flower",
                               "football",      "freedom",
                               "fuckyou",       "gdansk",
                               "ginger",        "gmina",
                               "google",        "grzegorz",
                               "guest",         "haslo",
                               "hasło",         "hello",
                               "hunter",        "iloveyou",
                               "internet",      "jakub",
                               "jessica",       "jestem",
                               "joanna",        "jordan",
                               "julia",         "justyna",
                               "kacper",        "kamil",
                               "kamila",        "karolina",
                               "kasia",         "katarzyna",
                               "killer",        "kinga",
                               "klaudia",       "kochamcie",
                               "kochamcię",     "kochanie",
                               "komputer",      "konrad",
                               "kopytko",       "krakow",
                               "kraków",        "krystian",
                               "krzysztof",     "kuba",
                               "lato",          "legia",
                               "letmein",       "liverpool",
                               "login",         "lol",
                               "love",          "lukasz",
                               "łukasz",        "maciek",
                               "maciej",        "magda",
                               "magdalena",     "malgosia",
                               "marcin",        "marek",
                               "maria",         "mariusz",
                               "marta",         "martyna",
                               "master",        "mateusz",
                               "matrix",        "michael",
                               "michal",        "michał",
                               "mickey",        "miasto",
                               "misiaczek",     "misiek",
                               "monika",        "monkey",
                               "mustang",       "mypassword",
                               "natalia",       "nicole",
                               "nirvana",       "nothing",
                               "oliwia",        "orange",
                               "pass",          "passw",
                               "password",      "patryk",
                               "patrycja",      "paulina",
                               "pawel",         "paweł",
                               "pepper",        "piotr",
                               "piotrek",       "pokemon",
                               "polska",        "powiat",
                               "poznan",        "princess",
                               "przemek",       "qaz",
                               "qazwsx",        "qazwsxedc",
                               "qwe",           "qweasd",
                               "qweasdzxc",     "qwer",
                               "qwert",         "qwerty",
                               "qwertyui",      "qwertyuiop",
                               "rafal",         "rafał",
                               "real",          "robert",
                               "root",          "sabina",
                               "samsung",       "secret",
                               "sekret",        "shadow",
                               "silver",        "slonko",
                               "słonko",        "slonce",
                               "słońce",        "soccer",
                               "starwars",      "stokrotka",
                               "student",       "summer",
                               "sunshine",      "superman",
                               "sylwia",        "szkola",
                               "szkoła",        "tajne",
                               "temp",          "test",
                               "tigger",        "tomasz",
                               "tomek",         "trustno",
                               "truskawka",     "tygrysek",
                               "urzad",         "urząd",
                               "user",          "warszawa",
                               "welcome",       "whatever",
                               "wiktoria",      "winter",
                               "wiosna",        "wojtek",
                               "wroclaw",       "wrocław",
                               "zaq",           "zaqwsx",
                               "zaqxsw",        "zima",
                               "zuzanna",       "zxc",
                               "zxcv",          "zxcvb",
                               "zxcvbn",        "zxcvbnm",
                               "changeme",      "zmienmnie",
                               "witaj",         "witam",
                               "wejscie",       "wejście",
                               "administrator", "jesien",
                               "jesień",        "correcthorsebatterystaple"};

// Rows and columns of the keyboard, digits and the alphabet, there and (see below) back.
constexpr std::array kRows = {"1234567890",
                              "qwertyuiop[]",
                              "qwertzuiop",
                              "azertyuiop",
                              "asdfghjkl;'",
                              "zxcvbnm,./",
                              "yxcvbnm",
                              "abcdefghijklmnopqrstuvwxyz",
                              "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
                              "zaq12wsxcde34rfvbgt56yhn",
                              "zaq1xsw2cde3vfr4bgt5nhy6",
                              "qazwsxedcrfvtgbyhnujm",
                              "1q2w3e4r5t6y7u8i9o0p",
                              "q1w2e3r4t5y6u7i8o9p0",
                              "!@#$%^&*()"};
constexpr std::size_t kShortestRun = 4;  // characters
// What a guesser does not know of a password: fewer characters outside of runs are no secret.
constexpr std::size_t kFewestOutsideRuns = 5;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (static_cast<unsigned char>(c) >= 0x80); }

// The letter that a digit or sign stands for where people write words with them.
char letter_behind(char c) {
  switch (c) {
    case '0':
      return 'o';
    case '1':
    case '!':
      return 'i';
    case '3':
      return 'e';
    case '4':
    case '@':
      return 'a';
    case '5':
    case '$':
      return 's';
    case '7':
      return 't';
    default:
      return c;
  }
}

std::string_view cut_signs(std::string_view text) {
  while (!text.empty() && !is_letter(text.front())) text.remove_prefix(1);
  while (!text.empty() && !is_letter(text.back())) text.remove_suffix(1);
  return text;
}

// "p.4.$.$" is "pass".
std::string letters_of(std::string_view text) {
  std::string letters;
  for (const char c : text)
    if (const char letter = letter_behind(c); is_letter(letter)) letters += letter;
  return letters;
}

// Known words one after another and nothing else: "polskahaslo". Each place is looked at once.
bool is_made_of_words(std::string_view text) {
  std::vector<bool> reached(text.size() + 1, false);
  reached[0] = true;
  for (std::size_t start = 0; start < text.size(); ++start) {
    if (!reached[start]) continue;
    for (const std::string_view word : kWords)
      if (text.substr(start).starts_with(word)) reached[start + word.size()] = true;
  }
  return reached.back();
}

// The same few characters over and over: "abcabcabcabc", "hasłohasłohasło".
bool is_repetition(std::string_view text) {
  for (std::size_t unit = 1; unit * 2 <= text.size(); ++unit) {
    if (text.substr(unit) == text.substr(0, text.size() - unit)) return true;
  }
  return false;
}

std::size_t run_within(std::string_view row, std::string_view text) {
  std::size_t longest = 0;
  for (std::size_t start = 0; start < row.size(); ++start) {
    std::size_t length = 0;
    while (length < text.size() && start + length < row.size() &&
           row[start + length] == text[length])
      ++length;
    longest = std::max(longest, length);
  }
  return longest;
}

// How many characters at the beginning of the text follow each other on the keyboard or are the
// same.
std::size_t run_length(std::string_view text) {
  std::size_t longest = std::min(text.find_first_not_of(text.front()), text.size());
  for (const std::string_view row : kRows) {
    const std::string back(row.rbegin(), row.rend());
    longest = std::max({longest, run_within(row, text), run_within(back, text)});
  }
  return longest;
}

bool is_made_of_runs(std::string_view text) {
  std::size_t outside = 0;
  while (!text.empty()) {
    const std::size_t run = run_length(text);
    const std::size_t taken = run >= kShortestRun ? run : 1;
    if (taken == 1) ++outside;
    text.remove_prefix(taken);
  }
  return outside < kFewestOutsideRuns;
}

}  // namespace

bool is_common_password(std::string_view folded) {
  const auto core = cut_signs(folded);
  return is_made_of_words(core) || is_made_of_words(letters_of(core)) ||
         is_made_of_words(letters_of(folded)) || is_repetition(folded) || is_made_of_runs(folded);
}

}  // namespace narada::identity
