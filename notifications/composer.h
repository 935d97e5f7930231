#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "notifications/mail_facts.h"
#include "notifications/mail_wording.h"
#include "service/domain/time.h"
#include "web/render.h"

namespace narada::notifications {

// Who the mails come from.
struct Sender {
  std::string address;   // addr-spec: From, Reply-To and the envelope
  std::string name;      // shown in From
  std::string base_url;  // of the service, in the footer; without a slash at the end
};

struct ComposedMail {
  std::string subject;  // one line of UTF-8
  std::string message;  // RFC 5322, CRLF; every line at most 998 octets, 7 bit
};

// What people see of a mail: a whole page, and the text part made of it.
struct ReadableMail {
  std::string subject;
  std::string html;
  std::string text;
};

// Makes messages of facts. The same facts, id and instant give the same bytes, so that composing
// again after a crash repeats a message instead of inventing a second one. Thread-safe.
class Composer {
 public:
  // References and `wordings` outlive the composer. Without `wordings` every mail has the program's
  // own words.
  Composer(const web::Renderer& renderer, const web::Messages& messages, Sender sender,
           const MailWordings* wordings = nullptr);

  // `message_id` without angle brackets. `created_at`: of the mail's row; it is the Date and the
  // DTSTAMP. Throws std::invalid_argument when the recipient's address cannot be delivered to, and
  // std::runtime_error when a template or text is broken.
  // `own`, where it is given, stands in place of the stored words.
  ComposedMail compose(const MailFacts& facts, std::string_view message_id,
                       domain::Instant created_at,
                       const std::optional<MailWording>& own = std::nullopt) const;

  // The same without the envelope, for people to look at. With `own` in place of the stored words.
  ReadableMail read(const MailFacts& facts,
                    const std::optional<MailWording>& own = std::nullopt) const;

  const Sender& sender() const { return sender_; }

 private:
  const web::Renderer& renderer_;
  const web::Messages& messages_;
  Sender sender_;
  const MailWordings* wordings_;
};

}  // namespace narada::notifications
