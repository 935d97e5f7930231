#include "notifications/composer.h"

#include <stdexcept>
#include <utility>

#include "calendar/event.h"
#include "notifications/address.h"
#include "notifications/mail_view.h"
#include "notifications/mime.h"
#include "notifications/text_of_html.h"

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

}  // namespace

Composer::Composer(const web::Renderer& renderer, const web::Messages& messages, Sender sender,
                   const MailWordings* wordings)
    : renderer_(renderer), messages_(messages), sender_(std::move(sender)), wordings_(wordings) {}

ReadableMail Composer::read(const MailFacts& facts, const std::optional<MailWording>& own) const {
  std::optional<MailWording> wording = own;
  if (!wording && wordings_ != nullptr) {
    wording = wordings_->find_wording(facts.kind, facts.language);
  }
  const MailWording* words = wording ? &*wording : nullptr;
  ReadableMail mail;
  mail.subject = make_subject(facts, messages_, words);
  mail.html = renderer_.html("mail/message", make_mail_view(facts, messages_, sender_, words));
  mail.text = text_of_html(mail.html);
  return mail;
}

ComposedMail Composer::compose(const MailFacts& facts, std::string_view message_id,
                               domain::Instant created_at,
                               const std::optional<MailWording>& own) const {
  if (!is_deliverable_address(facts.to_address)) {
    throw std::invalid_argument("the recipient's address cannot be delivered to");
  }
  ReadableMail readable = read(facts, own);
  MimeMessage message;
  message.from = {sender_.name, sender_.address};
  message.to = {to_displayed_name(facts.to_name), facts.to_address};
  message.subject = readable.subject;
  message.message_id = message_id;
  message.date = created_at;
  message.language = domain::to_string(facts.language);
  message.text = std::move(readable.text);
  message.html = std::move(readable.html);
  message.calendar = make_calendar_part(facts, created_at);
  if (is_deliverable_address(facts.reply_address)) message.reply_to = facts.reply_address;
  message.unsubscribe_url = facts.unsubscribe_url;
  return {message.subject, write_message(message)};
}

}  // namespace narada::notifications
