#include "service/usecases/client_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>

namespace narada::usecases {
namespace {

constexpr std::size_t kFirstByteOfV4 = 12;  // of a mapped address, ::ffff:192.0.2.1

std::optional<in6_addr> find_v6(const std::string& address) {
  in6_addr parsed{};
  if (inet_pton(AF_INET6, address.c_str(), &parsed) != 1) return std::nullopt;
  return parsed;
}

std::optional<in_addr> find_v4(const std::string& address) {
  in_addr parsed{};
  if (inet_pton(AF_INET, address.c_str(), &parsed) == 1) return parsed;
  const auto v6 = find_v6(address);
  if (!v6 || !IN6_IS_ADDR_V4MAPPED(&*v6)) return std::nullopt;
  std::memcpy(&parsed, v6->s6_addr + kFirstByteOfV4, sizeof parsed);
  return parsed;
}

std::string to_text(const in_addr& address) {
  char text[INET_ADDRSTRLEN] = {};
  inet_ntop(AF_INET, &address, text, sizeof text);
  return text;
}

// The first `bytes` of the address.
std::string prefix_of(in6_addr address, std::size_t bytes) {
  std::fill(address.s6_addr + bytes, address.s6_addr + sizeof address.s6_addr, std::uint8_t{0});
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(AF_INET6, &address, text, sizeof text);
  return std::string(text) + "/" + std::to_string(bytes * 8);
}

}  // namespace

std::string client_of(std::string_view address) {
  constexpr std::size_t kSubscriberBytes = 8;
  const std::string text(address);
  if (const auto v4 = find_v4(text)) return to_text(*v4);
  if (const auto v6 = find_v6(text)) return prefix_of(*v6, kSubscriberBytes);
  return text;
}

std::string network_of(std::string_view address) {
  constexpr std::uint32_t kFirst24Bits = 0xffffff00;
  constexpr std::size_t kSiteBytes = 6;
  const std::string text(address);
  if (auto v4 = find_v4(text)) {
    v4->s_addr &= htonl(kFirst24Bits);
    return to_text(*v4) + "/24";
  }
  if (const auto v6 = find_v6(text)) return prefix_of(*v6, kSiteBytes);
  return {};
}

}  // namespace narada::usecases
