#include "service/usecases/mails/domain_rate.h"

#include <algorithm>

#include "notifications/mail_facts.h"
#include "service/usecases/operations.h"
#include "sql/rate_store.h"

namespace narada::usecases {
namespace {

using std::chrono::milliseconds;

}  // namespace

// Within a minute leave at most the burst and one for each further step but the last.
DomainRate::DomainRate(int mails_a_minute)
    : burst_(std::max(1, mails_a_minute / 10)),
      every_(mails_a_minute == 0 ? 0 : (59'999 / (mails_a_minute - burst_ + 1)) + 1) {}

bool DomainRate::take(storage::Connection& connection, domain::Instant now,
                      const storage::ClaimedMail& mail) {
  const bool is_urgent = mail.priority == static_cast<int>(notifications::MailPriority::urgent);
  if (every_ == milliseconds(0) || is_urgent) return true;
  auto full = full_.find(mail.mail_domain);
  if (full == full_.end()) {
    const auto key = hash_token("mail/domain\n" + mail.mail_domain);
    const auto free_at = storage::take_allowance(connection, key, burst_, every_, now);
    if (!free_at) return true;
    full = full_.emplace(mail.mail_domain, *free_at).first;
  }
  refused_.emplace(std::pair(mail.mail_domain, mail.priority), full->second);
  return false;
}

std::vector<storage::MailBacklog> DomainRate::backlogs() const {
  std::vector<storage::MailBacklog> backlogs;
  for (const auto& [what, free_at] : refused_)
    backlogs.push_back({what.first, what.second, free_at, every_});
  return backlogs;
}

}  // namespace narada::usecases
