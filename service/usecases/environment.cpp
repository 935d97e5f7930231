#include "service/usecases/environment.h"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <stdexcept>
#include <string>

namespace narada::usecases {
namespace {

template <std::size_t size>
std::array<unsigned char, size> random_bytes() {
  if (sodium_init() < 0) throw std::runtime_error("no source of random numbers");
  std::array<unsigned char, size> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

// "https://narada.example:8443/x" gives "narada.example".
std::string host_of(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
    url.remove_prefix(scheme + 3);
  }
  const std::string_view host = url.substr(0, url.find_first_of(":/?#"));
  return host.empty() ? "localhost" : std::string(host);
}

}  // namespace

std::string make_token() {
  const auto bytes = random_bytes<32>();
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
  text.pop_back();  // the terminating NUL
  return text;
}

std::string hash_token(std::string_view token) {
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                     reinterpret_cast<const unsigned char*>(token.data()), token.size());
  return hash;
}

std::string make_uid(const Environment& environment) {
  auto bytes = random_bytes<16>();
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x40);  // RFC 9562: version 4
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);  // and variant
  std::string uuid;
  for (std::size_t index = 0; index < bytes.size(); ++index) {
    if (index == 4 || index == 6 || index == 8 || index == 10) uuid += '-';
    uuid += fmt::format("{:02x}", bytes[index]);
  }
  return uuid + "@" + host_of(environment.base_url);
}

}  // namespace narada::usecases
