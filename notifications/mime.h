#pragma once

#include <optional>
#include <string>

#include "service/domain/time.h"

namespace narada::notifications {

struct Mailbox {
  std::string name;     // UTF-8; may be empty
  std::string address;  // addr-spec
};

// An iCalendar object and its METHOD ("REQUEST").
struct CalendarPart {
  std::string method;
  std::string text;
};

// What a message consists of, in UTF-8. Line breaks and other control characters in names and
// subject never make a header of their own.
struct MimeMessage {
  Mailbox from;
  Mailbox to;
  std::string reply_to = {};  // addr-spec; empty: from's
  std::string subject;
  std::string message_id;  // without angle brackets
  domain::Instant date{};
  std::string language;  // Content-Language
  std::string text;
  std::string html;
  std::optional<CalendarPart> calendar;
  std::string unsubscribe_url = {};  // List-Unsubscribe with one click (RFC 8058); empty: none
};

// RFC 5322 with CRLF, 7 bit: multipart/alternative{plain, html}, or with a calendar part
// multipart/mixed{alternative{plain, html, calendar; method=…}, invite.ics}. The same message gives
// the same bytes. Thread-safe.
std::string write_message(const MimeMessage& message);

// A copy of `raw`, of any origin, for people who may read what was sent but not act as its
// recipient: the token of every /z/{token}, /wejscie/{token}, /zgoda/{token} and /ankieta/{token}
// address in it is replaced. Bodies are decoded, masked and encoded again, so that neither base64
// nor a soft line break hides a token. Empty when `raw` is no message.
std::string mask_manage_tokens(const std::string& raw);

}  // namespace narada::notifications
