#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/time.h"

namespace narada::calendar {

// What a calendar sends back (RFC 5546): REPLY, COUNTER, REFRESH. Everything in it is what a
// stranger wrote, and proves nothing.
struct Reply {
  struct Attendee {
    std::string email;         // addr-spec
    std::string name;          // CN
    std::string partstat;      // "ACCEPTED"; upper case, empty where none stands
    std::string delegated_to;  // addr-spec, the first one
    std::string delegated_from;
    friend bool operator==(const Attendee&, const Attendee&) = default;
  };
  std::string method;  // upper case
  std::string uid;
  int sequence = 0;  // RFC 5545: 0 where none stands
  std::optional<domain::Instant> dtstamp;
  std::string organizer;  // addr-spec
  std::vector<Attendee> attendees;
  std::string comment;
  std::optional<domain::Instant> starts;
  std::optional<domain::Instant> ends;
  friend bool operator==(const Reply&, const Reply&) = default;
};

constexpr std::size_t kMostReplyOctets = 256 * 1024;

// The first event of the object. Absent for what is no calendar, names no method or holds no event.
std::optional<Reply> parse_reply(std::string_view text);

}  // namespace narada::calendar
