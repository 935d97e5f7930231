#include "service/usecases/replies/classification.h"

#include <algorithm>

namespace narada::usecases {
namespace {

using domain::ReceivedKind;
using notifications::ReceivedMessage;

constexpr int kMostHops = 50;

bool is_loop(const ReceivedMessage& message, const OwnMarks& own) {
  if (message.hops > kMostHops) return true;
  const auto& marks = message.loop_marks;
  if (std::find(marks.begin(), marks.end(), own.reply_mailbox) != marks.end()) return true;
  return message.is_marked_generated && !own.message_host.empty() &&
         message.message_id.ends_with("@" + own.message_host);
}

bool is_bounce(const ReceivedMessage& message) {
  return message.report_type == "delivery-status" || !message.reports.empty();
}

std::optional<calendar::Reply> find_reply(const ReceivedMessage& message) {
  for (const auto& text : message.calendars) {
    auto reply = calendar::parse_reply(text);
    if (!reply) continue;
    for (const std::string_view method : {"REPLY", "COUNTER", "REFRESH"})
      if (reply->method == method) return reply;
  }
  return std::nullopt;
}

ReceivedKind kind_of(const calendar::Reply& reply) {
  if (reply.method == "COUNTER") return ReceivedKind::counter;
  if (reply.method == "REFRESH") return ReceivedKind::refresh;
  return find_delegator(reply) ? ReceivedKind::delegation : ReceivedKind::reply;
}

ReceivedKind kind_of_words(const ReceivedMessage& message) {
  if (!message.report_type.empty() && message.report_type != "unknown")
    return ReceivedKind::auto_reply;  // a receipt, or another report
  if (message.is_automatic || message.from_nobody) return ReceivedKind::auto_reply;
  if (!message.text.empty()) return ReceivedKind::free_text;
  const bool holds_something = message.has_more || !message.calendars.empty();
  return holds_something ? ReceivedKind::unknown : ReceivedKind::empty;
}

}  // namespace

const calendar::Reply::Attendee* find_delegator(const calendar::Reply& reply) {
  const auto found =
      std::find_if(reply.attendees.begin(), reply.attendees.end(), [](const auto& attendee) {
        return attendee.partstat == "DELEGATED" && !attendee.delegated_to.empty();
      });
  return found == reply.attendees.end() ? nullptr : &*found;
}

Classified classify(const ReceivedMessage& message, const OwnMarks& own) {
  if (is_loop(message, own)) return {ReceivedKind::loop};
  if (is_bounce(message)) return {ReceivedKind::bounce};
  if (message.report_type == "feedback-report") return {ReceivedKind::complaint};
  if (auto reply = find_reply(message)) {
    const auto kind = kind_of(*reply);
    return {kind, std::move(reply)};
  }
  return {kind_of_words(message)};
}

}  // namespace narada::usecases
