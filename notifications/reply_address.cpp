#include "notifications/reply_address.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace narada::notifications {
namespace {

using About = ReplyTarget::About;

constexpr std::size_t kProofBytes = 10;    // 80 bits
constexpr std::size_t kProofLetters = 16;  // of 5 bits each

char letter_of(About about) { return about == About::registration ? 'r' : 'm'; }

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

// "r45".
std::string tag_of(const ReplyTarget& target) {
  return letter_of(target.about) + std::to_string(target.id);
}

std::string proof_of(std::string_view tag, std::string_view secret_key) {
  const std::string text = "reply-address " + std::string(tag);
  std::array<unsigned char, 32> digest{};
  crypto_generichash(digest.data(), digest.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     reinterpret_cast<const unsigned char*>(secret_key.data()),
                     std::min<std::size_t>(secret_key.size(), crypto_generichash_KEYBYTES_MAX));
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz234567";
  std::string proof;
  unsigned bits = 0;
  int count = 0;
  for (std::size_t index = 0; index < kProofBytes; ++index) {
    bits = (bits << 8) | digest.at(index);
    for (count += 8; count >= 5; count -= 5) proof += kLetters[(bits >> (count - 5)) & 31];
  }
  return proof;
}

std::optional<ReplyTarget> read_tag(std::string_view tag) {
  if (tag.size() < 2 || tag[1] == '0') return std::nullopt;
  ReplyTarget target;
  if (tag[0] == 'm') {
    target.about = About::mail;
  } else if (tag[0] != 'r') {
    return std::nullopt;
  }
  const auto [end, error] = std::from_chars(tag.data() + 1, tag.data() + tag.size(), target.id);
  if (error != std::errc() || end != tag.data() + tag.size() || target.id <= 0) return std::nullopt;
  return target;
}

}  // namespace

std::string make_reply_address(std::string_view mailbox, const ReplyTarget& target,
                               std::string_view secret_key) {
  const auto at = std::min(mailbox.rfind('@'), mailbox.size());
  const auto tag = tag_of(target);
  return std::string(mailbox.substr(0, at)) + "+" + tag + "-" + proof_of(tag, secret_key) +
         std::string(mailbox.substr(at));
}

std::optional<ReplyTarget> read_reply_address(std::string_view address, std::string_view mailbox,
                                              std::string_view secret_key) {
  const std::string given = lower(address);
  const std::string box = lower(mailbox);
  const auto at = box.rfind('@');
  if (at == std::string::npos) return std::nullopt;
  const auto local = box.substr(0, at) + "+";
  const auto domain = box.substr(at);
  if (given.size() < local.size() + domain.size() || !given.starts_with(local) ||
      !given.ends_with(domain)) {
    return std::nullopt;
  }
  const auto detail = given.substr(local.size(), given.size() - local.size() - domain.size());
  const auto hyphen = detail.find('-');
  if (hyphen == std::string::npos) return std::nullopt;
  const auto tag = detail.substr(0, hyphen);
  const auto proof = detail.substr(hyphen + 1);
  const auto target = read_tag(tag);
  if (!target || proof.size() != kProofLetters) return std::nullopt;
  const auto expected = proof_of(tag, secret_key);
  if (sodium_memcmp(proof.data(), expected.data(), kProofLetters) != 0) return std::nullopt;
  return target;
}

}  // namespace narada::notifications
