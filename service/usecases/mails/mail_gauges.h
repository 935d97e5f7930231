#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>

#include "notifications/mail_facts.h"
#include "service/usecases/mails/mails.h"

namespace narada::usecases {

// For machines that watch the whole outbox, and for the page that shows it.

// Mails of one priority that have not left.
struct WaitingMails {
  std::int64_t count = 0;
  std::int64_t paused = 0;                      // of them
  std::optional<domain::Instant> oldest_due;    // absent: nothing waits for a worker alone
  std::optional<domain::Instant> next_attempt;  // of what is not due yet
};
struct MailGauges {
  std::map<MailState, std::int64_t> by_state;
  std::array<WaitingMails, 3> waiting;  // by notifications::MailPriority
  bool all_paused = false;
  bool bulk_paused = false;
  std::int64_t meetings_paused = 0;
  // How long the mail that is due longest has been due; 0: none. What is paused is not.
  std::int64_t oldest_due_seconds = 0;

  const WaitingMails& of(notifications::MailPriority priority) const {
    return waiting[static_cast<std::size_t>(priority)];
  }
};
MailGauges measure_mails(const Environment&);

// A mail that nothing but a worker is missing has waited for longer than this: the mail server is
// away, or no process sends.
inline constexpr std::chrono::minutes kMailIsLate{15};
bool is_mail_late(const Environment&);

}  // namespace narada::usecases
