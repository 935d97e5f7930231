#include "service/http/address_class.h"

#include <arpa/inet.h>

#include <cstdint>

namespace narada::http {
namespace {

struct Network {
  std::uint32_t address;  // host order
  int bits;
};
constexpr Network kPrivate[] = {{0x0a000000, 8},    // 10/8
                                {0xac100000, 12},   // 172.16/12
                                {0xc0a80000, 16},   // 192.168/16
                                {0xa9fe0000, 16},   // 169.254/16, link-local
                                {0x64400000, 10}};  // 100.64/10, RFC 6598
constexpr Network kLoopback = {0x7f000000, 8};

bool lies_in(std::uint32_t address, const Network& network) {
  return ((address ^ network.address) >> (32 - network.bits)) == 0;
}

std::string class_of(std::uint32_t address) {
  if (lies_in(address, kLoopback)) return "loopback";
  for (const auto& network : kPrivate)
    if (lies_in(address, network)) return "private";
  return "public";
}

std::string class_of(const in6_addr& address) {
  if (IN6_IS_ADDR_LOOPBACK(&address)) return "loopback";
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    std::uint32_t embedded = 0;
    for (int i = 12; i < 16; ++i) embedded = embedded << 8 | address.s6_addr[i];
    return class_of(embedded);
  }
  const bool unique_local = (address.s6_addr[0] & 0xfe) == 0xfc;  // fc00::/7
  return unique_local || IN6_IS_ADDR_LINKLOCAL(&address) ? "private" : "public";
}

}  // namespace

std::string address_class(std::string_view remote_address) {
  const std::string text(remote_address);
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return class_of(ntohl(v4.s_addr));
  in6_addr v6{};
  if (inet_pton(AF_INET6, text.c_str(), &v6) == 1) return class_of(v6);
  return "public";
}

}  // namespace narada::http
