#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "service/domain/time.h"
#include "sql/mail_delivery_store.h"

namespace narada::usecases {

// How many mails a minute one domain is sent, counted in the database for all processes together:
// never more than that within any minute of the clock that passes, a tenth of them at once. Urgent
// mails go besides and are not counted. One thread; for one round of delivery.
class DomainRate {
 public:
  explicit DomainRate(int mails_a_minute);  // 0: no limit

  // True: the mail may go, and has been counted. False, until the round ends, for every further one
  // of that domain. One statement, or two for the first that may not. In a transaction: workers
  // may meet in the row, and whoever comes second gets a Conflict.
  bool take(storage::Connection& connection, domain::Instant now, const storage::ClaimedMail& mail);
  // Of what may not go: to be put off once the round has given it back.
  std::vector<storage::MailBacklog> backlogs() const;

 private:
  int burst_;
  std::chrono::milliseconds every_;
  std::map<std::string, domain::Instant> full_;                     // until when
  std::map<std::pair<std::string, int>, domain::Instant> refused_;  // by domain and priority
};

}  // namespace narada::usecases
