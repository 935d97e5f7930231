#include "service/http/edge/trusted_proxies.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <stdexcept>

namespace narada::http::edge {
namespace {

constexpr std::size_t kMappedBytes = 12;  // ::ffff:0:0/96

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// The last element of a comma-separated list; shortens `list` by it.
std::string_view take_last(std::string_view& list) {
  const auto comma = list.rfind(',');
  const auto element = comma == std::string_view::npos ? list : list.substr(comma + 1);
  list = comma == std::string_view::npos ? std::string_view() : list.substr(0, comma);
  return trimmed(element);
}

}  // namespace

bool TrustedProxies::parse_address(std::string_view text, std::array<unsigned char, 16>& bytes) {
  const std::string address(text);
  in_addr v4{};
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1) {
    bytes.fill(0);
    bytes[10] = bytes[11] = 0xff;
    std::memcpy(bytes.data() + kMappedBytes, &v4, sizeof v4);
    return true;
  }
  return inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1;
}

TrustedProxies::TrustedProxies(const std::vector<std::string>& addresses) {
  for (const auto& text : addresses) {
    const auto slash = std::min(text.find('/'), text.size());
    Block block{};
    bool good = parse_address(std::string_view(text).substr(0, slash), block.address);
    const bool v4 = text.find(':') == std::string::npos;
    const unsigned widest = v4 ? 32 : 128;
    block.prefix = widest;
    if (slash < text.size()) {
      const char* end = text.data() + text.size();
      const auto parsed = std::from_chars(text.data() + slash + 1, end, block.prefix);
      good = good && parsed.ec == std::errc() && parsed.ptr == end && block.prefix <= widest;
    }
    if (!good) throw std::invalid_argument("not an address or a CIDR block: " + text);
    if (v4) block.prefix += kMappedBytes * 8;
    blocks_.push_back(block);
  }
}

bool TrustedProxies::contains(std::string_view address) const {
  std::array<unsigned char, 16> bytes{};
  if (blocks_.empty() || !parse_address(address, bytes)) return false;
  return std::ranges::any_of(blocks_, [&](const Block& block) {
    for (unsigned i = 0; i < block.prefix; ++i) {
      const unsigned mask = 0x80u >> (i % 8);
      if (((bytes[i / 8] ^ block.address[i / 8]) & mask) != 0) return false;
    }
    return true;
  });
}

void TrustedProxies::apply_forwarded(Request& request) const {
  std::array<unsigned char, 16> bytes{};
  bool believed = true;
  for (auto header = request.headers.rbegin(); header != request.headers.rend(); ++header) {
    if (header->first != "x-forwarded-for" || !believed) continue;
    for (std::string_view list = header->second; !list.empty() && believed;) {
      const auto address = take_last(list);
      if (!parse_address(address, bytes)) {
        believed = false;
        break;
      }
      request.remote_address = address;
      believed = contains(address);
    }
  }
  for (auto header = request.headers.rbegin(); header != request.headers.rend(); ++header) {
    if (header->first != "x-forwarded-proto") continue;
    std::string_view list = header->second;
    request.secure = take_last(list) == "https";
    return;
  }
}

}  // namespace narada::http::edge
