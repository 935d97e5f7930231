#include "files/checksum.h"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace narada::files {

struct Checksum::State {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};
};

Checksum::Checksum(std::unique_ptr<State> state) : state_(std::move(state)) {}
Checksum::~Checksum() = default;
Checksum::Checksum(Checksum&&) noexcept = default;
Checksum& Checksum::operator=(Checksum&&) noexcept = default;

std::optional<Checksum> Checksum::begin(std::string_view algorithm) {
  const EVP_MD* digest = nullptr;
  if (algorithm == "sha1") digest = EVP_sha1();
  if (algorithm == "sha256") digest = EVP_sha256();
  if (algorithm == "sha512") digest = EVP_sha512();
  if (digest == nullptr) return std::nullopt;
  auto state = std::make_unique<State>();
  if (!state->context || EVP_DigestInit_ex(state->context.get(), digest, nullptr) != 1) {
    throw std::runtime_error("a digest cannot be begun: " + std::string(algorithm));
  }
  return Checksum(std::move(state));
}

void Checksum::add(std::string_view bytes) {
  if (EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) != 1) {
    throw std::runtime_error("a digest cannot be continued");
  }
}

std::string Checksum::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  if (EVP_DigestFinal_ex(state_->context.get(), bytes.data(), &size) != 1) {
    throw std::runtime_error("a digest cannot be ended");
  }
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

}  // namespace narada::files
