#pragma once

#include <string>
#include <string_view>

namespace narada::identity {

// Every byte but RFC 3986's unreserved ones as %XX; right in a query and in a posted form.
std::string percent_encode(std::string_view text);

}  // namespace narada::identity
