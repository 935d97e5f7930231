#include "service/usecases/replies/mailbox_reading.h"

#include <exception>
#include <string>

#include "service/usecases/replies/receive_mail.h"

namespace narada::usecases {

int read_mailbox(const Environment& environment, const notifications::ImapMailbox& mailbox,
                 const std::stop_token& stopping) {
  constexpr int kAtMost = 100;
  std::exception_ptr problem;
  const int taken = mailbox.take_unread(kAtMost, [&](const std::string& message) {
    if (stopping.stop_requested()) return false;
    try {
      receive_mail(environment, message);
      return true;
    } catch (const std::exception&) {
      problem = std::current_exception();  // it stays unread, and the others do not wait for it
      return false;
    }
  });
  if (problem) std::rethrow_exception(problem);
  return taken;
}

}  // namespace narada::usecases
