#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/http/message.h"

namespace narada::http::edge {

// The addresses whose X-Forwarded-For and X-Forwarded-Proto are believed.
class TrustedProxies {
 public:
  // Addresses or CIDR blocks, IPv4 or IPv6. Throws std::invalid_argument for anything else.
  explicit TrustedProxies(const std::vector<std::string>& addresses);

  bool contains(std::string_view address) const;

  // Replaces remote_address by the last forwarded address that is not itself a trusted proxy, and
  // takes `secure` from the last X-Forwarded-Proto. For requests that came from a trusted proxy.
  void apply_forwarded(Request& request) const;

 private:
  struct Block {
    std::array<unsigned char, 16> address;  // IPv4 as IPv4-mapped IPv6
    unsigned prefix;                        // bits
  };
  static bool parse_address(std::string_view text, std::array<unsigned char, 16>& bytes);

  std::vector<Block> blocks_;
};

}  // namespace narada::http::edge
