#pragma once

#include <string>
#include <string_view>

namespace narada::usecases {

// Whom an address stands for. An office sends many people from one; one attacker has many.

// An IPv4 address itself; of an IPv6 address the /64, which is what one subscriber gets. What is no
// address stands for itself.
std::string client_of(std::string_view address);
// The network around it, as people are shown it: "192.0.2.0/24", "2001:db8:1::/48". Empty for what
// is no address.
std::string network_of(std::string_view address);

}  // namespace narada::usecases
