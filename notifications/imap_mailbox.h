#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace narada::notifications {

// A mailbox on an IMAP server (RFC 3501) whose unread messages are taken. libcurl connects, turns
// TLS on and signs in.
class ImapMailbox {
 public:
  // imaps://USER:PASSWORD@HOST[:PORT]/MAILBOX[?ca=FILE], or imap:// with STARTTLS; in clear to a
  // loopback address only, and without a CA file. User and password percent-encoded; without a
  // mailbox INBOX. Throws std::invalid_argument with one line that does not repeat the password.
  explicit ImapMailbox(std::string_view url);

  // Hands the oldest unread messages to `take`, at most so many and of each at most
  // kMostMessageOctets + 1 octets, and marks each as read once `take` has returned true: one that
  // was taken and not marked comes again. How many were marked. A message that the server does not
  // hand out stays unread and does not count; it is told of, by std::runtime_error, once the others
  // have been taken. Throws the same when the server cannot be talked to.
  int take_unread(int at_most, const std::function<bool(const std::string&)>& take) const;

  std::string description() const;  // without the password

 private:
  std::string scheme_;
  std::string user_;
  std::string password_;
  std::string host_;
  std::string port_;  // empty: the usual one
  std::string mailbox_ = "INBOX";
  std::string ca_file_;
  friend class ImapConversation;
};

}  // namespace narada::notifications
