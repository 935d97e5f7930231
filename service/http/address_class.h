#pragma once

#include <string>
#include <string_view>

namespace narada::http {

// How the activity log names where a request came from without keeping the address: "loopback",
// "private" (networks of no use outside a site: RFC 1918, 4193, 6598, link-local) or "public".
// What is not an address at all is "public": nothing is known in its favour.
std::string address_class(std::string_view remote_address);

}  // namespace narada::http
