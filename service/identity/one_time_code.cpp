#include "service/identity/one_time_code.h"

#include <liboath/oath.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "service/identity/percent_encoding.h"

namespace narada::identity {
namespace {

constexpr std::size_t kSecretBytes = 20;
constexpr std::size_t kDigits = 6;
constexpr unsigned kStepSeconds = OATH_TOTP_DEFAULT_TIME_STEP_SIZE;
constexpr std::size_t kWindow = 1;  // steps before and after: clocks of telephones are not exact

constexpr std::size_t kRecoveryBytes = 10;
constexpr std::size_t kRecoveryCharacters = kRecoveryBytes * 8 / 5;
constexpr std::size_t kGroup = 4;

struct FreeText {
  void operator()(char* text) const { std::free(text); }
};

std::string random_text(std::size_t bytes) {
  if (sodium_init() < 0) throw std::runtime_error("no source of random numbers");
  std::string text(bytes, '\0');
  randombytes_buf(text.data(), text.size());
  return text;
}

std::string base32(std::string_view bytes) {
  char* encoded = nullptr;
  std::size_t length = 0;
  if (oath_base32_encode(bytes.data(), bytes.size(), &encoded, &length) != OATH_OK)
    throw std::runtime_error("base32 failed");
  const std::unique_ptr<char, FreeText> owner(encoded);
  std::string text(encoded, length);
  text.erase(std::find(text.begin(), text.end(), '='), text.end());
  return text;
}

bool is_separator(char c) { return c == ' ' || c == '-' || c == '\t'; }

// The code of one step, compared in constant time; liboath's own comparison stops at the first
// digit that differs.
int compare_codes(void* typed, const char* right) {
  return sodium_memcmp(typed, right, kDigits) == 0 ? 0 : 1;
}

}  // namespace

std::string make_totp_secret() { return random_text(kSecretBytes); }

std::string totp_secret_text(std::string_view secret) { return base32(secret); }

std::string totp_uri(std::string_view secret, std::string_view issuer, std::string_view account) {
  return "otpauth://totp/" + percent_encode(issuer) + ":" + percent_encode(account) +
         "?secret=" + base32(secret) + "&issuer=" + percent_encode(issuer) +
         "&algorithm=SHA1&digits=6&period=30";
}

std::optional<std::int64_t> find_totp_step(std::string_view secret, std::string_view code,
                                           domain::Instant now) {
  std::string digits;
  std::copy_if(code.begin(), code.end(), std::back_inserter(digits),
               [](char c) { return !is_separator(c); });
  const bool is_code =
      digits.size() == kDigits &&
      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!is_code) return std::nullopt;
  const std::int64_t seconds = now.time_since_epoch().count();
  int position = 0;
  std::uint64_t step = 0;
  const int result =
      oath_totp_validate4_callback(secret.data(), secret.size(), static_cast<time_t>(seconds),
                                   kStepSeconds, OATH_TOTP_DEFAULT_START_TIME, kDigits, kWindow,
                                   &position, &step, 0, compare_codes, digits.data());
  if (result < 0) return std::nullopt;
  return static_cast<std::int64_t>(step);
}

std::vector<std::string> make_recovery_codes() {
  std::vector<std::string> codes;
  for (int count = 0; count < kRecoveryCodes; ++count) {
    const std::string text = base32(random_text(kRecoveryBytes));
    std::string code;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (at > 0 && at % kGroup == 0) code += '-';
      code += text[at] >= 'A' ? static_cast<char>(text[at] + ('a' - 'A')) : text[at];
    }
    codes.push_back(code);
  }
  return codes;
}

std::optional<std::string> fold_recovery_code(std::string_view typed) {
  std::string folded;
  for (char c : typed) {
    if (is_separator(c)) continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
    if (c == '0') c = 'O';
    if (c == '1') c = 'I';
    const bool is_base32 = (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7');
    if (!is_base32) return std::nullopt;
    folded += c;
  }
  if (folded.size() != kRecoveryCharacters) return std::nullopt;
  return folded;
}

}  // namespace narada::identity
