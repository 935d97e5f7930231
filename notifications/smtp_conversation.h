#pragma once

#include <string>
#include <string_view>

#include "notifications/transport.h"

namespace narada::notifications {

// What was said in one SMTP transaction, and what its failure means. libcurl answers with the same
// code for a refused sender, recipient and message, so that the last command decides, and which
// reply came to it.
class SmtpConversation {
 public:
  void note_command(std::string_view line);  // sent by the client, before the message
  void note_reply(std::string_view line);    // one line of the server's
  void note_message_end();                   // all of the message but its final dot has been sent

  // Precondition: the transfer failed. `error`: libcurl's words, used when the server said nothing.
  DeliveryResult result_of_failure(bool timed_out, std::string_view error) const;

 private:
  enum class Stage { greeting, sender, recipient, data, message };

  DeliveryResult result_of_reply() const;
  DeliveryEnd end_of_refusal() const;
  DeliveryResult result_without_reply(bool timed_out, std::string_view error) const;

  Stage stage_ = Stage::greeting;
  int code_ = 0;  // of the reply to the last command; 0: none yet
  std::string reply_;
};

// Whether a refusal says that nobody has the address: 5.1.1, or 5.1.10, that its domain takes no
// mail (RFC 3463, RFC 7505). `reply` is the whole line.
bool says_nobody_has_address(int code, std::string_view reply);

// At most 500 printable ASCII characters of what a server said; the rest becomes '?' or is cut.
std::string printable(std::string_view text);

}  // namespace narada::notifications
