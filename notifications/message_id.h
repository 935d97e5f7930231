#pragma once

#include <string>
#include <string_view>

namespace narada::notifications {

// A new Message-ID (RFC 5322 3.6.4) without its angle brackets: 128 random bits, "@", host. The
// host is taken from `host_or_url` ("https://narada.example:8443/x" gives "narada.example");
// characters that no domain has are left out, and "localhost" stands in for a host that has none
// left.
std::string make_message_id(std::string_view host_or_url);

}  // namespace narada::notifications
