#include "notifications/composer.h"

#include <stdexcept>
#include <utility>

#include "calendar/event.h"
#include "notifications/address.h"
#include "notifications/mail_view.h"
#include "notifications/mime.h"

namespace narada::notifications {
namespace {

// DTSTAMP is the moment at which this instance of the object was made (RFC 5545 3.8.7.2). It is
// taken from the mail's row and not from the clock: composing the same row again must give the same
// object. RFC 5546 2.1.5 lets DTSTAMP decide between messages of one SEQUENCE, and rows of one
// registration are made, and sent, in that order.
std::optional<CalendarPart> make_calendar_part(const MailFacts& facts, domain::Instant created_at) {
  if (!facts.event || !facts.method) return std::nullopt;
  calendar::Event event = *facts.event;
  event.dtstamp = created_at;
  return CalendarPart{std::string(calendar::to_string(*facts.method)),
                      calendar::write_itip(*facts.method, event)};
}

// Sections that were left out leave blank lines: at most one in a row, none at the ends.
std::string tidied(const std::string& text) {
  std::string result;
  std::size_t line_breaks = 2;
  for (const char character : text) {
    line_breaks = character == '\n' ? line_breaks + 1 : 0;
    if (line_breaks <= 2) result += character;
  }
  while (result.ends_with('\n')) result.pop_back();
  return result + "\n";
}

}  // namespace

Composer::Composer(const web::Renderer& renderer, const web::Messages& messages, Sender sender)
    : renderer_(renderer), messages_(messages), sender_(std::move(sender)) {}

ComposedMail Composer::compose(const MailFacts& facts, std::string_view message_id,
                               domain::Instant created_at) const {
  if (!is_deliverable_address(facts.to_address)) {
    throw std::invalid_argument("the recipient's address cannot be delivered to");
  }
  const web::View view = make_mail_view(facts, messages_, sender_);
  MimeMessage message;
  message.from = {sender_.name, sender_.address};
  message.to = {to_displayed_name(facts.to_name), facts.to_address};
  message.subject = make_subject(facts, messages_);
  message.message_id = message_id;
  message.date = created_at;
  message.language = domain::to_string(facts.language);
  message.text = tidied(renderer_.plain_text("mail/message", view));
  message.html = renderer_.html("mail/message", view);
  message.calendar = make_calendar_part(facts, created_at);
  if (is_deliverable_address(facts.reply_address)) message.reply_to = facts.reply_address;
  message.unsubscribe_url = facts.unsubscribe_url;
  return {message.subject, write_message(message)};
}

}  // namespace narada::notifications
