#include "files/digest.h"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <vector>

namespace narada::files {
namespace {

constexpr std::size_t kPiece = 1 << 20;  // octets read at once

class OpenFile {
 public:
  explicit OpenFile(const std::filesystem::path& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor_ < 0) fail();
  }
  ~OpenFile() { ::close(descriptor_); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  std::size_t read(std::vector<char>& buffer) {
    for (;;) {
      const ssize_t count = ::read(descriptor_, buffer.data(), buffer.size());
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) fail();
    }
  }

 private:
  [[noreturn]] static void fail() {
    throw std::system_error(errno, std::generic_category(), "a file cannot be read");
  }
  int descriptor_;
};

}  // namespace

struct DigestBuilder::State {
  crypto_hash_sha256_state sha256{};
};

DigestBuilder::DigestBuilder() : state_(std::make_unique<State>()) {
  crypto_hash_sha256_init(&state_->sha256);
}
DigestBuilder::~DigestBuilder() = default;
DigestBuilder::DigestBuilder(DigestBuilder&&) noexcept = default;
DigestBuilder& DigestBuilder::operator=(DigestBuilder&&) noexcept = default;

void DigestBuilder::add(std::string_view bytes) {
  crypto_hash_sha256_update(&state_->sha256, reinterpret_cast<const unsigned char*>(bytes.data()),
                            bytes.size());
}

domain::ContentDigest DigestBuilder::finish() {
  std::array<unsigned char, crypto_hash_sha256_BYTES> bytes{};
  crypto_hash_sha256_final(&state_->sha256, bytes.data());
  std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  return {std::string(hex.data())};
}

domain::ContentDigest digest_of(const std::filesystem::path& file) {
  OpenFile input(file);
  DigestBuilder builder;
  std::vector<char> buffer(kPiece);
  while (const std::size_t count = input.read(buffer)) builder.add({buffer.data(), count});
  return builder.finish();
}

}  // namespace narada::files
