#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/child_process.h"

namespace narada::testing {

struct SmtpServerOptions {
  std::string user = {};  // empty: no authentication
  std::string password = {};
  bool certificate = false;  // offers STARTTLS with tests/mail/self_signed.cert
  bool secure = false;       // with certificate: TLS from the first byte
  bool refuse_sender = false;
  bool storm = false;  // "storm-7@x" meets what smtp_server.cjs calls a storm
};

// A message that arrived.
struct ReceivedMail {
  std::string to;
  std::string from;
  std::string message_id;
  std::string user;
  bool secure = false;
  std::string bytes;
  bool answered = false;     // 250 was written
  bool answer_seen = false;  // and the client spoke again after it
};

// A real SMTP server in a process of its own; smtp_server.cjs tells how it treats which recipient.
// What arrived stays when it is stopped and started again.
class SmtpServer {
 public:
  explicit SmtpServer(SmtpServerOptions options = {});
  ~SmtpServer();
  SmtpServer(const SmtpServer&) = delete;
  SmtpServer& operator=(const SmtpServer&) = delete;

  void stop();
  void start();
  std::string address() const;  // "127.0.0.1:PORT"
  std::vector<ReceivedMail> received() const;
  // Each attempt for an address "storm-…", and when.
  struct Asked {
    std::string address;
    std::int64_t at = 0;  // milliseconds since the epoch
  };
  std::vector<Asked> asked() const;
  std::size_t count_received() const;  // the same, quickly

 private:
  SmtpServerOptions options_;
  std::filesystem::path directory_;
  std::uint16_t port_;
  std::unique_ptr<ChildProcess> process_;
};

std::string self_signed_certificate();

// A new empty directory that goes away with the object.
class ScratchDirectory {
 public:
  ScratchDirectory();
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace narada::testing
