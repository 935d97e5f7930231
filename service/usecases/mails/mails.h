#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/lists.h"

namespace narada::notifications {
class MailTransport;
class Composer;
}  // namespace narada::notifications

namespace narada::usecases {

enum class MailState { queued, inflight, awaiting_retry, sent, failed, bounced, aborted };
std::string_view to_string(MailState state);
std::optional<MailState> find_mail_state(std::string_view name);

struct OutgoingMail {
  domain::OutgoingMailId id;
  std::string message_id;
  std::string kind;
  MailState state = MailState::queued;
  std::optional<domain::MeetingId> meeting;
  std::optional<domain::RegistrationId> registration;
  std::string to_name;
  std::string to_address;
  std::string subject;
  int attempts = 0;
  std::optional<int> last_code;
  std::string last_reply;
  domain::Instant created_at{};
  domain::Instant not_before{};
  std::optional<domain::Instant> sent_at;
  std::optional<std::string> raw;  // only in find_outgoing_mail; /z/ tokens are masked
};
struct MailFilter {
  std::optional<MailState> state;
  std::optional<domain::MeetingId> meeting;
};
// Newest first; of the meetings whose mails the actor may see (Forbidden without any). Mails about
// accounts, which open them, are for those who manage people. NotFound for one outside that.
domain::Outcome<PageOf<OutgoingMail>> list_outgoing_mails(const Environment&, const Actor&,
                                                          const MailFilter&, const PageRequest&);
domain::Outcome<OutgoingMail> find_outgoing_mail(const Environment&, const Actor&,
                                                 domain::OutgoingMailId);

// One round of delivery: claims what is due (lease in the row, so that several processes may run),
// composes what is not composed yet, sends, records. Returns how many were handed over or failed.
struct DeliveryReport {
  int sent = 0;
  int postponed = 0;  // after an attempt
  int failed = 0;
  int aborted = 0;       // will never be sent: something was found right before (mail_stops.h)
  int paused = 0;        // given back: somebody paused it
  int rate_limited = 0;  // given back: its domain takes no more for now
  std::optional<domain::Instant> next_due;
  std::string transport_problem;  // set: the round ended early, for a reason no recipient has
};
struct DeliveryLimits {
  int mails_a_minute = 0;  // to one domain, by all processes together; urgent ones besides; 0: any
};
// Throws Unavailable or storage::Error when the database cannot be reached; what was claimed is due
// again when its lease has run out. `stopping` ends the round after the mail in hand; the rest is
// given back.
DeliveryReport deliver_mails(const Environment&, const notifications::Composer&,
                             notifications::MailTransport&, const std::string& worker,
                             int at_most = 100, const std::stop_token& stopping = {},
                             const DeliveryLimits& limits = {});

}  // namespace narada::usecases
