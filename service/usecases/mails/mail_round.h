#pragma once

#include <chrono>
#include <exception>
#include <optional>
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

// One round of delivery by one worker. Each mail is sent outside of any transaction, between two:
// the one before prolongs the lease and stores the message that every attempt will send, the one
// after records how the attempt ended. Where the mail was delivered, the one after it is the one
// before the next mail, so that each costs one commit; the next is composed by then.
class MailRound {
 public:
  MailRound(const Environment& environment, const notifications::Composer& composer,
            notifications::MailTransport& transport, const std::string& worker,
            const DeliveryLimits& limits);

  DeliveryReport run(int at_most, const std::stop_token& stopping);

 private:
  enum class Next { go_on, stop };

  // What an attempt will send, or why it could not be composed.
  struct Composed {
    domain::OutgoingMailId id;
    std::optional<notifications::ComposedMail> mail;  // absent where the row has the message
    std::exception_ptr problem;
  };
  // A mail that was delivered, which the database does not know yet.
  struct Delivered {
    domain::OutgoingMailId id;
    storage::AttemptRecord attempt;
    domain::Instant at{};
  };
  // Whether an attempt begins, decided in one transaction.
  struct Beginning {
    enum class What { begun, stopped, refused_by_rate, not_composed, lost };
    What what = What::lost;
    std::optional<MailStop> stop;
  };

  void claim(int at_most);
  // `next` is composed while this one is in hand; null: none follows.
  Next handle(const storage::ClaimedMail& mail, const storage::ClaimedMail* next);
  void hold_back(const storage::ClaimedMail& mail, const MailStop& stop);
  Beginning begin(const storage::ClaimedMail& mail, const Composed& composed);
  Beginning begin_in(storage::Connection& connection, const storage::ClaimedMail& mail,
                     const Composed& composed);
  Composed compose(const storage::ClaimedMail& mail) const;
  Composed take_composed(const storage::ClaimedMail& mail);
  void record_problem(const storage::ClaimedMail& mail, const std::exception_ptr& problem);
  void save_delivered_in(storage::Connection& connection) const;
  void flush_delivered();
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
  // Nobody has the address: mail to it stops, as after a report that says so.
  void fail_for_good(const storage::ClaimedMail& mail, const std::string& message,
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
  std::optional<Delivered> delivered_;
  std::optional<Composed> ahead_;
  DeliveryReport report_;
};

}  // namespace narada::usecases
