#include "service/identity/sealing.h"

#include <sodium.h>

#include <stdexcept>

namespace narada::identity {
namespace {

static_assert(crypto_secretbox_KEYBYTES == kSecretKeyBytes);
static_assert(crypto_auth_KEYBYTES == kSecretKeyBytes);

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void check_key(std::string_view key) {
  if (sodium_init() < 0) throw std::runtime_error("no source of random numbers");
  if (key.size() != kSecretKeyBytes) throw std::invalid_argument("the secret key is not 32 bytes");
}

}  // namespace

std::string seal(std::string_view plain, std::string_view key) {
  check_key(key);
  std::string nonce(crypto_secretbox_NONCEBYTES, '\0');
  randombytes_buf(nonce.data(), nonce.size());
  std::string box(plain.size() + crypto_secretbox_MACBYTES, '\0');
  crypto_secretbox_easy(bytes_of(box), bytes_of(plain), plain.size(), bytes_of(nonce),
                        bytes_of(key));
  return nonce + box;
}

std::optional<std::string> unseal(std::string_view sealed, std::string_view key) {
  check_key(key);
  if (sealed.size() < crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES) return std::nullopt;
  const auto nonce = sealed.substr(0, crypto_secretbox_NONCEBYTES);
  const auto box = sealed.substr(crypto_secretbox_NONCEBYTES);
  std::string plain(box.size() - crypto_secretbox_MACBYTES, '\0');
  if (crypto_secretbox_open_easy(bytes_of(plain), bytes_of(box), box.size(), bytes_of(nonce),
                                 bytes_of(key)) != 0)
    return std::nullopt;
  return plain;
}

std::string keyed_digest(std::string_view text, std::string_view key) {
  check_key(key);
  std::string digest(crypto_auth_BYTES, '\0');
  crypto_auth(bytes_of(digest), bytes_of(text), text.size(), bytes_of(key));
  return digest;
}

}  // namespace narada::identity
