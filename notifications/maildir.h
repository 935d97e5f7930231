#pragma once

#include <filesystem>

#include "notifications/transport.h"

namespace narada::notifications {

// A Maildir instead of a server. The file's name comes from the Message-ID, so that a message that
// is delivered twice is there once.
class MaildirTransport final : public MailTransport {
 public:
  // Creates the directory with cur, new and tmp when it first delivers.
  explicit MaildirTransport(std::filesystem::path directory);

  DeliveryResult deliver(const Envelope& envelope, std::string_view message) override;
  std::string description() const override;

 private:
  std::filesystem::path directory_;
};

}  // namespace narada::notifications
