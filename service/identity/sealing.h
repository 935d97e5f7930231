#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace narada::identity {

inline constexpr std::size_t kSecretKeyBytes = 32;

// Authenticated encryption with the installation's key, for what the database holds but must not
// tell (XSalsa20-Poly1305 with a random nonce in front). `key` is kSecretKeyBytes long; throws
// std::invalid_argument otherwise.
std::string seal(std::string_view plain, std::string_view key);
// Absent when the text was sealed with another key, or changed.
std::optional<std::string> unseal(std::string_view sealed, std::string_view key);

// 32 bytes that only who has the key can compute for this text: HMAC-SHA-512/256.
std::string keyed_digest(std::string_view text, std::string_view key);

}  // namespace narada::identity
