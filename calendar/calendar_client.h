#pragma once

#include <string>
#include <string_view>

namespace narada::calendar {

// What came of reading a calendar at its address.
struct FetchedCalendar {
  enum class End { read, unchanged, failed };
  End end = End::failed;
  std::string text;     // of End::read
  std::string etag;     // of the answer; empty: none
  std::string problem;  // of End::failed: unreachable, refused, not_found, too_large, too_slow,
                        // not_allowed (an address inside a network), no_web_address
};

// Reads calendars that strangers name, over http and https. No address of this machine or of a
// private network is ever connected to, whatever a name resolves to and wherever an answer sends
// on; at most 5 MiB, 20 seconds and five redirects; no proxy, cookie or password.
class CalendarClient {
 public:
  // `private_addresses`: those may be connected to as well; for installations in whose network the
  // calendars are.
  explicit CalendarClient(bool private_addresses) : private_addresses_(private_addresses) {}

  // `etag`: of the last answer; the same content is then not sent again. A webcal address is one of
  // https.
  FetchedCalendar fetch(const std::string& address, const std::string& etag) const;

 private:
  bool private_addresses_;
};

// Whether an address (IPv4, or IPv6 as RFC 5952 writes it) is one of the public internet.
bool is_public_address(std::string_view address);

}  // namespace narada::calendar
