#pragma once

#include <string>
#include <string_view>

#include "notifications/mail_facts.h"
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

// Makes messages of facts. The same facts, id and instant give the same bytes, so that composing
// again after a crash repeats a message instead of inventing a second one. Thread-safe.
class Composer {
 public:
  // Both references outlive the composer.
  Composer(const web::Renderer& renderer, const web::Messages& messages, Sender sender);

  // `message_id` without angle brackets. `created_at`: of the mail's row; it is the Date and the
  // DTSTAMP. Throws std::invalid_argument when the recipient's address cannot be delivered to, and
  // std::runtime_error when a template or text is broken.
  ComposedMail compose(const MailFacts& facts, std::string_view message_id,
                       domain::Instant created_at) const;

  const Sender& sender() const { return sender_; }

 private:
  const web::Renderer& renderer_;
  const web::Messages& messages_;
  Sender sender_;
};

}  // namespace narada::notifications
