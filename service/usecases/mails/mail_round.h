#pragma once

#include <chrono>
#include <map>
#include <random>
#include <set>
#include <stop_token>
#include <string>

#include "notifications/composer.h"
#include "notifications/transport.h"
#include "service/usecases/mails/domain_rate.h"
#include "service/usecases/mails/mail_stops.h"
#include "service/usecases/mails/mails.h"
#include "sql/mail_delivery_store.h"

namespace narada::usecases {

// One round of delivery by one worker. Each mail takes two steps in the database around the
// sending, which happens outside of any transaction: the first prolongs the lease and stores the
// message that every attempt will send, the second records how the attempt ended before the next
// mail leaves.
class MailRound {
 public:
  MailRound(const Environment& environment, const notifications::Composer& composer,
            notifications::MailTransport& transport, const std::string& worker,
            const DeliveryLimits& limits);

  DeliveryReport run(int at_most, const std::stop_token& stopping);

 private:
  enum class Next { go_on, stop };

  void claim(int at_most);
  Next handle(const storage::ClaimedMail& mail);
  // Whether the mail may go now; what has to become of one that may not, has.
  bool is_let_go(const storage::ClaimedMail& mail);
  void hold_back(const storage::ClaimedMail& mail, const MailStop& stop);
  // The message as it will be sent, stored; absent when it cannot be sent now or ever, or when the
  // claim has lost the row.
  std::optional<std::string> begin(const storage::ClaimedMail& mail);
  std::optional<notifications::ComposedMail> compose(const storage::ClaimedMail& mail);
  notifications::DeliveryResult send(const storage::ClaimedMail& mail, const std::string& message);
  std::string envelope_sender(domain::OutgoingMailId mail) const;
  Next record(const storage::ClaimedMail& mail, const std::string& message,
              const notifications::DeliveryResult& result);
  Next record_silence(const storage::ClaimedMail& mail);
  void give_back();
  // `message` is absent where it could not be composed.
  void postpone(const storage::ClaimedMail& mail, const std::optional<std::string>& message,
                const storage::AttemptRecord& record, std::chrono::seconds pause);
  void fail(const storage::ClaimedMail& mail, const std::optional<std::string>& message,
            storage::AttemptRecord record);

  storage::MailClaim lease() const;
  double jitter();

  const Environment& environment_;
  const notifications::Composer& composer_;
  notifications::MailTransport& transport_;
  std::string claim_name_;
  std::minstd_rand random_;
  std::set<std::string> silent_domains_;
  DomainRate rate_;
  DeliveryReport report_;
};

}  // namespace narada::usecases
