#pragma once

#include <optional>
#include <string>

#include "calendar/reply.h"
#include "notifications/received_message.h"
#include "service/domain/received_mail.h"

namespace narada::usecases {

// By what our own mails are known when they come back.
struct OwnMarks {
  std::string message_host;   // of our Message-IDs
  std::string reply_mailbox;  // addr-spec; also of X-Loop
};

struct Classified {
  domain::ReceivedKind kind = domain::ReceivedKind::unknown;
  std::optional<calendar::Reply> reply = {};  // of what a calendar says
};

// What a message is, by itself: neither who wrote it nor what it is about is known here. A
// calendar's object counts before the marks of a program, because calendars answer by themselves; a
// report before the object of the message that it returns.
Classified classify(const notifications::ReceivedMessage& message, const OwnMarks& own);

// The attendee of a REPLY who hands over to somebody; absent: nobody does.
const calendar::Reply::Attendee* find_delegator(const calendar::Reply& reply);

}  // namespace narada::usecases
