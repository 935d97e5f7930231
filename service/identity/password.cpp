#include "service/identity/password.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <new>

#include "service/identity/common_passwords.h"
#include "service/identity/hashing_gate.h"

namespace narada::identity {
namespace {

constexpr unsigned long long kPasses = crypto_pwhash_OPSLIMIT_INTERACTIVE;
constexpr std::size_t kMemory = crypto_pwhash_MEMLIMIT_INTERACTIVE;  // bytes
static_assert(kMemory == 64 << 20);

// Of 32 random bytes that were thrown away, with the costs above.
constexpr const char* kNobodysHash =
    "$argon2id$v=19$m=65536,t=2,p=1$/"
    "0wmeETrNW17BIy+5XvkbA$p0oWEy2MvN6mieX3CaeU0Wbx6dcK8rqAY+8R6feZ3GM";

constexpr std::size_t kShortestPersonalWord = 4;  // bytes; shorter ones stand in any text

HashingGate& gate() {
  static HashingGate one(3, 16, std::chrono::seconds(5));
  return one;
}

void initialize() {
  if (sodium_init() < 0) throw std::runtime_error("no source of random numbers");
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// How many bytes the sequence that begins here has; 0 where no character of UTF-8 begins.
std::size_t sequence_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  std::size_t length = 0;
  if (lead < 0x80)
    length = 1;
  else if (lead >= 0xC2 && lead < 0xE0)
    length = 2;
  else if (lead >= 0xE0 && lead < 0xF0)
    length = 3;
  else if (lead >= 0xF0 && lead < 0xF5)
    length = 4;
  if (length == 0 || text.size() < length) return 0;
  const auto rest = text.substr(1, length - 1);
  return std::all_of(rest.begin(), rest.end(), is_continuation) ? length : 0;
}

// Absent when the text is no UTF-8.
std::optional<std::size_t> count_characters(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return std::nullopt;
    text.remove_prefix(length);
  }
  return count;
}

// ASCII and Polish letters in lower case; others stay as they are.
std::string fold(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kPolish{{{"Ą", "ą"},
                                                                                  {"Ć", "ć"},
                                                                                  {"Ę", "ę"},
                                                                                  {"Ł", "ł"},
                                                                                  {"Ń", "ń"},
                                                                                  {"Ó", "ó"},
                                                                                  {"Ś", "ś"},
                                                                                  {"Ź", "ź"},
                                                                                  {"Ż", "ż"}}};
  std::string folded(text);
  for (char& c : folded)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  for (const auto& [upper, lower] : kPolish)
    for (auto at = folded.find(upper); at != std::string::npos; at = folded.find(upper, at))
      folded.replace(at, upper.size(), lower);
  return folded;
}

// "Anna Nowak-Kot" and "a.nowak@urzad.example" in words.
std::vector<std::string> words_of(const std::vector<std::string>& texts) {
  std::vector<std::string> words = {"narada"};
  for (const auto& text : texts) {
    const std::string folded = fold(text);
    for (std::size_t start = 0; start < folded.size();) {
      const auto end = std::min(folded.find_first_of(" .-_@+'", start), folded.size());
      if (end - start >= kShortestPersonalWord) words.push_back(folded.substr(start, end - start));
      start = end + 1;
    }
  }
  return words;
}

}  // namespace

std::optional<domain::FieldError> find_password_error(std::string_view password,
                                                      const std::vector<std::string>& personal) {
  const auto count = count_characters(password);
  if (!count) return domain::FieldError{"", "not_utf8"};
  if (*count < kShortestPassword)
    return domain::FieldError{"", "too_short", {{"min", std::to_string(kShortestPassword)}}};
  if (*count > kLongestPassword)
    return domain::FieldError{"", "too_long", {{"max", std::to_string(kLongestPassword)}}};
  const std::string folded = fold(password);
  for (const auto& word : words_of(personal))
    if (folded.find(word) != std::string::npos) return domain::FieldError{"", "password_personal"};
  if (is_common_password(folded)) return domain::FieldError{"", "password_common"};
  return std::nullopt;
}

std::string hash_password(std::string_view password) {
  initialize();
  const HashingGate::Pass pass(gate());
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), kPasses, kMemory,
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw std::bad_alloc();
  return hash.data();
}

bool verify_password(std::string_view password, const std::string& hash) {
  initialize();
  const HashingGate::Pass pass(gate());
  const bool is_same = crypto_pwhash_str_verify(hash.empty() ? kNobodysHash : hash.c_str(),
                                                password.data(), password.size()) == 0;
  return is_same && !hash.empty();
}

bool needs_rehash(const std::string& hash) {
  initialize();
  return crypto_pwhash_str_needs_rehash(hash.c_str(), kPasses, kMemory) != 0;
}

}  // namespace narada::identity
