#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace narada::notifications {

// How one attempt to hand a message over ended.
enum class DeliveryEnd {
  delivered,        // the server took responsibility for it
  temporary,        // refused for now, for this recipient or message: try again later
  permanent,        // refused for good
  transport_down,   // no server, TLS, authentication, sender refused: says nothing about the
                    // recipient
  outcome_unknown,  // the whole message was sent and no answer came: the server may have taken it
};

struct DeliveryResult {
  DeliveryEnd end = DeliveryEnd::delivered;
  int code = 0;       // SMTP reply code; 0: none came
  std::string reply;  // one line of printable ASCII for the organizer
};

// Who sends what to whom. The addresses are addr-specs without angle brackets.
struct Envelope {
  std::string sender;
  std::string recipient;
  std::string message_id;         // without angle brackets
  bool attempted_before = false;  // an attempt whose end may be unknown went ahead
};

// A way for messages to leave. One thread at a time uses an object. deliver() throws nothing that a
// server, a network or a recipient can cause.
class MailTransport {
 public:
  virtual ~MailTransport() = default;
  // `message`: RFC 5322 with CRLF. May take as long as the transport's timeout.
  virtual DeliveryResult deliver(const Envelope& envelope, std::string_view message) = 0;
  // Where to, without a password: "smtp://mail.example:587".
  virtual std::string description() const = 0;
};

// The transport for `smtp_url` (smtp.h names its forms), or for an empty one the Maildir at
// `maildir`. `hello_name`: what the program calls itself to an SMTP server, a host name. Throws
// std::invalid_argument with one clear line.
std::unique_ptr<MailTransport> make_mail_transport(const std::string& smtp_url,
                                                   const std::filesystem::path& maildir,
                                                   const std::string& hello_name);

}  // namespace narada::notifications
