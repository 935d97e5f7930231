#pragma once

#include <string>
#include <vector>

#include "notifications/dns.h"

namespace narada::notifications {

// What receivers look up to tell whether mail of a domain is genuine, and where answers to it go.

enum class RecordState {
  good,
  doubtful,  // works, and could say more
  missing,
  wrong,    // there, and receivers cannot use it
  unknown,  // no name server answered, or there is nothing to look up
};
struct SenderRecord {
  std::string name;  // "SPF", "DKIM", "DMARC", "MX"
  RecordState state = RecordState::unknown;
  std::string text;    // one sentence of what was found
  std::string advice;  // the record to add or what to change; empty: nothing
};

struct SenderDomain {
  std::string domain;         // of the sender's address
  std::string reply_domain;   // of the mailbox that answers come to; empty: none is read
  std::string dkim_selector;  // empty: not known
  std::string mail_server;    // that hands the mails over; empty: not known
};

// SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489) and MX, in this order. A domain that is
// nobody's
// ("localhost.localdomain", "x.example") is not looked up.
std::vector<SenderRecord> check_sender_records(DnsResolver& dns, const SenderDomain& sender);

}  // namespace narada::notifications
