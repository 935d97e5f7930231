#include "service/http/edge/request_id.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace narada::http::edge {
namespace {

constexpr std::size_t kIdBytes = 16;

// Random bytes fetched in bulk, so that one request does not cost one system call.
class RandomBytes {
 public:
  const unsigned char* take() {
    if (used_ + kIdBytes > bytes_.size()) refill();
    const auto* taken = bytes_.data() + used_;
    used_ += kIdBytes;
    return taken;
  }

 private:
  void refill() {
    for (std::size_t filled = 0; filled < bytes_.size();) {
      const auto got = ::getrandom(bytes_.data() + filled, bytes_.size() - filled, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) throw std::system_error(errno, std::generic_category(), "getrandom");
      filled += static_cast<std::size_t>(got);
    }
    used_ = 0;
  }

  std::array<unsigned char, 64 * kIdBytes> bytes_{};
  std::size_t used_ = bytes_.size();
};

}  // namespace

std::string make_request_id() {
  thread_local RandomBytes random;
  constexpr char kDigits[] = "0123456789abcdef";
  const auto* bytes = random.take();
  std::string id(2 * kIdBytes, '0');
  for (std::size_t i = 0; i < kIdBytes; ++i) {
    id[2 * i] = kDigits[bytes[i] >> 4];
    id[2 * i + 1] = kDigits[bytes[i] & 0xf];
  }
  return id;
}

}  // namespace narada::http::edge
