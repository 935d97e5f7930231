#include "service/usecases/mails/domain_rate.h"

#include <algorithm>

#include "notifications/mail_facts.h"
#include "service/usecases/operations.h"
#include "sql/error.h"
#include "sql/rate_store.h"

namespace narada::usecases {
namespace {

using std::chrono::milliseconds;

// Workers may meet in the row; whoever comes second tries again.
std::optional<domain::Instant> take_one(const Environment& environment, const std::string& domain,
                                        int burst, milliseconds every) {
  constexpr int kMostTries = 8;
  const auto key = hash_token("mail/domain\n" + domain);
  for (int tries = 1;; ++tries) {
    try {
      return read_database(environment, [&](storage::Connection& connection) {
        return storage::take_allowance(connection, key, burst, every, environment.clock->now());
      });
    } catch (const storage::Conflict&) {
      if (tries == kMostTries) throw;
    }
  }
}

}  // namespace

// Within a minute leave at most the burst and one for each further step but the last.
DomainRate::DomainRate(int mails_a_minute)
    : burst_(std::max(1, mails_a_minute / 10)),
      every_(mails_a_minute == 0 ? 0 : (59'999 / (mails_a_minute - burst_ + 1)) + 1) {}

bool DomainRate::take(const Environment& environment, const storage::ClaimedMail& mail) {
  const bool is_urgent = mail.priority == static_cast<int>(notifications::MailPriority::urgent);
  if (every_ == milliseconds(0) || is_urgent) return true;
  auto full = full_.find(mail.mail_domain);
  if (full == full_.end()) {
    const auto free_at = take_one(environment, mail.mail_domain, burst_, every_);
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
