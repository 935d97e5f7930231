#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace narada::calendar {

// What of an iCalendar object is against the tables of RFC 5545 (syntax, value types, parameters),
// RFC 5546 (which properties each METHOD has, and how many) and RFC 7986; empty: nothing. Written
// from the RFCs without libical, and stricter than they are where readers are known to be: every
// VTIMEZONE is used, and every line ends with CRLF.
std::vector<std::string> find_rfc_violations(std::string_view text);

}  // namespace narada::calendar
