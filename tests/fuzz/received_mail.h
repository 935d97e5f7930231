#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "notifications/reply_address.h"
#include "service/usecases/replies/classification.h"
#include "service/usecases/replies/reply_targets.h"

namespace narada::fuzz {

inline const usecases::Environment& received_mail_environment() {
  static const usecases::Environment environment = [] {
    usecases::Environment made;
    made.base_url = "https://narada.example";
    made.reply_mailbox = "narada@narada.example";
    made.secret_key = std::string(32, 'k');
    return made;
  }();
  return environment;
}

// Of registration 45 and of mail 567, which is all that the messages may prove.
inline notifications::ReplyTarget proved_registration() {
  return {notifications::ReplyTarget::About::registration, 45};
}
inline notifications::ReplyTarget proved_mail() {
  return {notifications::ReplyTarget::About::mail, 567};
}

// Ends the process as a fuzzer expects it when a promise is broken.
inline void promise(bool kept, const char* what) {
  if (kept) return;
  std::fprintf(stderr, "received mail: %s\n", what);
  std::abort();
}

inline bool is_valid_utf8_line(const std::string& text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; });
}

// What these bytes prove, and whether what is read of them keeps its promises.
inline std::vector<notifications::ReplyTarget> check_received_mail(std::string_view raw) {
  const auto message = notifications::read_message(raw);
  promise(is_valid_utf8_line(message.subject), "a subject is one line");
  promise(is_valid_utf8_line(message.from_address), "an address is one line");
  promise(message.text.size() <= 20'000, "a text has its bounds");
  promise(message.text.find('\0') == std::string::npos, "a text has no NUL");
  promise(message.from_name.size() <= 200, "a name has its bounds");
  const usecases::OwnMarks own{"narada.example", "narada@narada.example"};
  const auto what = usecases::classify(message, own);
  const bool is_calendars =
      what.kind == domain::ReceivedKind::reply || what.kind == domain::ReceivedKind::counter ||
      what.kind == domain::ReceivedKind::delegation || what.kind == domain::ReceivedKind::refresh;
  promise(is_calendars == what.reply.has_value(), "a calendar's answer has its object");
  return usecases::find_targets(received_mail_environment(), {}, message, what);
}

// One random change: a byte, a cut, a doubled piece, a telling piece, lines in another order.
inline std::string mutate_mail(std::string bytes, std::mt19937& random) {
  static const std::vector<std::string> kPieces = {
      "\r\n",
      "\n\n",
      "\r\n ",
      "--",
      "=?utf-8?B?",
      "=?iso-8859-2?Q?=B3=",
      "Content-Type: multipart/mixed; boundary=\"\"\r\n",
      "Content-Type: message/rfc822\r\n\r\n",
      "Content-Transfer-Encoding: x-uuencode\r\n",
      "Content-Type: text/calendar; method=REPLY; charset=utf-16\r\n",
      "BEGIN:VCALENDAR\r\n",
      "BEGIN:VEVENT\r\n",
      "END:VEVENT\r\n",
      "SEQUENCE:99999999999999999999\r\n",
      "DTSTART;TZID=\"\xFF\":99999999T999999\r\n",
      "DTSTAMP:00000000T000000Z\r\n",
      "ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:\":mailto:\r\n",
      "METHOD:COUNTER\r\n",
      "To: narada+r45-aaaaaaaaaaaaaaaa@narada.example\r\n",
      "narada+r46-",
      "Status: 5.1.1\r\nAction: failed\r\n",
      std::string(1, '\0'),
      "\xff\xfe",
      "=",
      ";",
      ":"};
  const auto at = bytes.empty() ? 0 : random() % bytes.size();
  switch (random() % 7) {
    case 0:
      if (!bytes.empty()) bytes[at] = static_cast<char>(random());
      break;
    case 1:
      bytes.erase(at, 1 + random() % 40);
      break;
    case 2:
      bytes.insert(at, bytes.substr(at, random() % 200));
      break;
    case 3:
    case 4:
      bytes.insert(at, kPieces[random() % kPieces.size()]);
      break;
    case 5: {
      const auto end = bytes.find('\n', at);
      if (end != std::string::npos)
        std::rotate(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(end) + 1,
                    bytes.end());
      break;
    }
    default:
      bytes.resize(at);
  }
  return bytes;
}

}  // namespace narada::fuzz
