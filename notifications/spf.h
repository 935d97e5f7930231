#pragma once

#include <string>

#include "notifications/dns.h"

namespace narada::notifications {

// The SPF record of a domain as a receiver would read it (RFC 7208), without an address to judge.
enum class SpfEnd {
  good,
  missing,
  several,           // more than one record: a permanent error
  malformed,         // `trouble` is the term that cannot be read
  too_many_lookups,  // more than ten terms that ask name servers, includes counted (4.6.4)
  unreachable,
};
struct SpfRecord {
  SpfEnd end = SpfEnd::missing;
  std::string record;  // of the domain itself
  int records = 0;     // how many there are
  std::string trouble;
  bool has_end = false;     // "all" or "redirect=" decides about all other servers
  bool allows_all = false;  // "+all"
};
SpfRecord look_up_spf(DnsResolver& dns, const std::string& domain);

}  // namespace narada::notifications
