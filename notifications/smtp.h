#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "notifications/transport.h"

namespace narada::notifications {

enum class SmtpSecurity { none, starttls, tls };

struct SmtpOptions {
  SmtpSecurity security = SmtpSecurity::none;
  std::string host;
  std::uint16_t port = 25;
  std::string user;  // empty: no authentication
  std::string password;
  std::string ca_file;     // empty: the system's certificate authorities
  std::string hello_name;  // in EHLO; empty: the machine's own name
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds total_timeout{60'000};  // of one message, connecting included
};

// smtp://HOST[:PORT]           in clear (25)
// smtp+starttls://HOST[:PORT]  STARTTLS or nothing (587)
// smtps://HOST[:PORT]          TLS from the first byte (465)
// each with USER:PASSWORD@ before HOST, percent-encoded, and ?ca=/path.pem&timeout=SECONDS after
// it. A password in clear is accepted for a loopback address only. Throws std::invalid_argument
// with one clear line that does not repeat the password.
SmtpOptions parse_smtp_url(std::string_view url);

// Hands messages to one SMTP server over one connection that is kept between messages. One
// recipient a message, so that every reply code belongs to exactly one recipient.
class SmtpTransport final : public MailTransport {
 public:
  explicit SmtpTransport(SmtpOptions options);
  ~SmtpTransport() override;

  DeliveryResult deliver(const Envelope& envelope, std::string_view message) override;
  std::string description() const override;

  // Connects, says EHLO, turns TLS on and signs in, as before a message, and sends none. Its end is
  // delivered or transport_down.
  DeliveryResult probe();

 private:
  class Session;
  SmtpOptions options_;
  std::unique_ptr<Session> session_;
};

}  // namespace narada::notifications
