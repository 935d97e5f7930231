#pragma once

#include <string_view>

namespace narada::notifications {

// Whether `address` may stand in RCPT TO and in a header: a dot-atom of printable ASCII, "@", and a
// domain of letters, digits and hyphens (RFC 5321 4.1.2, without quoted strings and address
// literals). libcurl writes a recipient into the SMTP conversation as it is, so that a line break
// or a bracket would become a command of its own.
bool is_deliverable_address(std::string_view address);

}  // namespace narada::notifications
