#include "notifications/message_id.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>

namespace narada::notifications {
namespace {

bool is_domain_character(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
         (character >= '0' && character <= '9') || character == '-' || character == '.';
}

std::string host_of(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
    url.remove_prefix(scheme + 3);
  }
  url = url.substr(0, url.find_first_of("/?#"));
  if (const auto at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
  url = url.substr(0, url.find(':'));
  std::string host;
  std::copy_if(url.begin(), url.end(), std::back_inserter(host), is_domain_character);
  constexpr std::size_t kLongestDomain = 200;  // the column takes 255 with the random part
  host.resize(std::min(host.size(), kLongestDomain));
  const auto is_dot_edged = host.empty() || host.front() == '.' || host.back() == '.';
  return is_dot_edged || host.find("..") != std::string::npos ? "localhost" : host;
}

std::array<unsigned char, 16> random_bytes() {
  std::array<unsigned char, 16> bytes{};
  // Up to 256 bytes come in one piece once the kernel's pool is ready; EINTR only before that.
  while (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    if (errno != EINTR) throw std::runtime_error("getrandom gives no random bytes");
  }
  return bytes;
}

}  // namespace

std::string make_message_id(std::string_view host_or_url) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  std::string id;
  for (const unsigned char byte : random_bytes()) {
    id += kHexDigits[byte >> 4];
    id += kHexDigits[byte & 0xf];
  }
  return id + "@" + host_of(host_or_url);
}

}  // namespace narada::notifications
