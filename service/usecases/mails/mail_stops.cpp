#include "service/usecases/mails/mail_stops.h"

#include <array>

#include "notifications/mail_facts.h"
#include "service/usecases/mails/unwanted_mail.h"
#include "service/usecases/registrations/registration_input.h"
#include "sql/mail_address_store.h"

namespace narada::usecases {
namespace {

using Found = std::optional<MailStop>;
using notifications::MailPriority;

bool is_urgent(const storage::ClaimedMail& mail) {
  return mail.priority == static_cast<int>(MailPriority::urgent);
}

// A link that has expired opens nothing.
Found is_too_late(storage::Connection&, const Environment& environment,
                  const storage::ClaimedMail& mail) {
  if (!is_urgent(mail) || environment.clock->now() < mail.give_up_at) return std::nullopt;
  return MailStop{MailStop::Then::end, "too_late"};
}

Found is_unwanted(storage::Connection& connection, const Environment& environment,
                  const storage::ClaimedMail& mail) {
  const auto reason = why_unwanted(connection, environment, mail);
  if (!reason) return std::nullopt;
  return MailStop{MailStop::Then::end, *reason};
}

// Sign-in links still go: somebody asks for one at this moment, and using it shows that the mailbox
// works again.
Found is_in_vain_or_paused(storage::Connection& connection, const Environment&,
                           const storage::ClaimedMail& mail) {
  if (is_urgent(mail)) return std::nullopt;
  const bool is_bulk = mail.priority == static_cast<int>(MailPriority::bulk);
  const auto obstacles = storage::find_mail_obstacles(connection, make_email_key(mail.to_address),
                                                      mail.meeting, is_bulk);
  if (obstacles.is_dead) return MailStop{MailStop::Then::end, "address_dead"};
  if (obstacles.is_paused) return MailStop{MailStop::Then::wait, "paused"};
  return std::nullopt;
}

// In this order; the first that finds something decides.
constexpr std::array kChecks{is_too_late, is_unwanted, is_in_vain_or_paused};

}  // namespace

std::optional<MailStop> find_mail_stop(storage::Connection& connection,
                                       const Environment& environment,
                                       const storage::ClaimedMail& mail) {
  for (const auto check : kChecks)
    if (auto stop = check(connection, environment, mail)) return stop;
  return std::nullopt;
}

}  // namespace narada::usecases
