#include "notifications/transport.h"

#include "notifications/maildir.h"
#include "notifications/smtp.h"

namespace narada::notifications {

std::unique_ptr<MailTransport> make_mail_transport(const std::string& smtp_url,
                                                   const std::filesystem::path& maildir,
                                                   const std::string& hello_name) {
  if (smtp_url.empty()) return std::make_unique<MaildirTransport>(maildir);
  SmtpOptions options = parse_smtp_url(smtp_url);
  options.hello_name = hello_name;
  return std::make_unique<SmtpTransport>(std::move(options));
}

}  // namespace narada::notifications
