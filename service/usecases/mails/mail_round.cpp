#include "service/usecases/mails/mail_round.h"

#include <algorithm>
#include <stdexcept>
#include <thread>
#include <utility>

#include "notifications/mail_facts.h"
#include "notifications/mime.h"
#include "notifications/reply_address.h"
#include "notifications/smtp_conversation.h"
#include "service/usecases/mails/mail_backoff.h"
#include "service/usecases/mails/unwanted_mail.h"
#include "service/usecases/operations.h"
#include "service/usecases/registrations/registration_input.h"
#include "service/usecases/unavailable.h"
#include "sql/error.h"
#include "sql/live_person.h"
#include "sql/mail_address_store.h"
#include "sql/mail_pause_store.h"
#include "sql/pool.h"
#include "sql/reminder_store.h"
#include "sql/seat_store.h"

namespace narada::usecases {
namespace {

using notifications::DeliveryEnd;
using std::chrono::seconds;

// Longer than a transport takes for one message, and longer than the clocks of two hosts differ.
constexpr seconds kLease = std::chrono::minutes(5);

// How long the answer of a mail server is kept in mind while the database cannot take it.
constexpr seconds kPatience = std::chrono::minutes(2);

// Does something in the database until it has gone through. It must be idempotent: a connection
// that is lost leaves open whether it took effect.
template <class Action>
auto insist(Action action) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  const auto is_over = [&] { return std::chrono::steady_clock::now() > deadline; };
  for (;;) {
    try {
      return action();
    } catch (const storage::Unavailable&) {
      if (is_over()) throw;
    } catch (const storage::Conflict&) {
      if (is_over()) throw;
    } catch (const storage::CommitUnknown&) {
      if (is_over()) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

// A step of single statements, each committed by itself.
template <class Step>
auto persist(storage::Pool& pool, Step step) {
  return insist([&] { return pool.read(step); });
}

// A step that is committed as a whole.
template <class Step>
auto persist_at_once(storage::Pool& pool, Step step) {
  return insist([&] { return pool.transact(step); });
}

storage::AttemptRecord to_record(const notifications::DeliveryResult& result) {
  storage::AttemptRecord record;
  if (result.code != 0) record.code = result.code;
  record.reply = result.reply;
  record.counts = result.end != DeliveryEnd::transport_down;
  return record;
}

// A column of 500 characters, however many octets they take.
std::string stored_subject(const std::string& subject) {
  constexpr std::size_t kLongest = 500;
  std::size_t characters = 0, index = 0;
  for (; index < subject.size(); ++index) {
    const bool starts_character = (static_cast<unsigned char>(subject[index]) & 0xC0) != 0x80;
    if (starts_character && characters++ == kLongest) break;
  }
  return subject.substr(0, index);
}

}  // namespace

MailRound::MailRound(const Environment& environment, const notifications::Composer& composer,
                     notifications::MailTransport& transport, const std::string& worker,
                     const DeliveryLimits& limits)
    : environment_(environment),
      composer_(composer),
      transport_(transport),
      claim_name_(worker.substr(0, 40) + "/" + make_token().substr(0, 22)),
      random_(std::random_device{}()),
      rate_(limits.mails_a_minute) {}

DeliveryReport MailRound::run(int at_most, const std::stop_token& stopping) {
  claim(at_most);
  const auto mails = read_database(environment_, [&](storage::Connection& connection) {
    return storage::load_claimed_mails(connection, claim_name_);
  });
  Next next = Next::go_on;
  for (std::size_t index = 0; index < mails.size(); ++index) {
    if (next == Next::stop || stopping.stop_requested()) break;
    next = handle(mails[index], index + 1 < mails.size() ? &mails[index + 1] : nullptr);
  }
  flush_delivered();
  if (!mails.empty()) give_back();
  report_.next_due = read_database(environment_, storage::find_next_due_mail);
  return report_;
}

void MailRound::claim(int at_most) {
  try {
    environment_.pool->transact([&](storage::Connection& connection) {
      storage::claim_due_mails(connection, lease(), at_most);
      return true;
    });
  } catch (const storage::CommitUnknown&) {
    // The rows tell: those that bear the name of this claim are held by it.
  }
}

MailRound::Next MailRound::handle(const storage::ClaimedMail& mail,
                                  const storage::ClaimedMail* next) {
  if (silent_domains_.contains(mail.mail_domain)) return Next::go_on;
  const Composed composed = take_composed(mail);
  const Beginning beginning = begin(mail, composed);
  switch (beginning.what) {
    case Beginning::What::stopped:
      hold_back(mail, *beginning.stop);
      return Next::go_on;
    case Beginning::What::refused_by_rate:
      ++report_.rate_limited;  // given back at the end of the round
      return Next::go_on;
    case Beginning::What::not_composed:
      record_problem(mail, composed.problem);
      return Next::go_on;
    case Beginning::What::lost:
      return Next::go_on;
    case Beginning::What::begun:
      break;
  }
  // Before this one leaves, so that nothing stands between its end and the record of it.
  if (next != nullptr) ahead_ = compose(*next);
  const std::string& message = composed.mail ? composed.mail->message : *mail.raw;
  return record(mail, message, send(mail, message));
}

void MailRound::hold_back(const storage::ClaimedMail& mail, const MailStop& stop) {
  if (stop.then == MailStop::Then::wait) {
    environment_.pool->transact([&](storage::Connection& connection) {
      storage::release_paused_mail(connection, claim_name_, mail.id, mail.meeting);
    });
    ++report_.paused;
    return;
  }
  std::optional<std::string> kept;
  if (mail.raw) kept = notifications::mask_manage_tokens(*mail.raw);
  persist_at_once(*environment_.pool, [&](storage::Connection& connection) {
    // Whatever has overtaken it may be undone, or leave it due with other words.
    if (stop.reason == kOvertaken && mail.meeting) {
      storage::lock_meeting(connection, *mail.meeting);
      storage::forget_reminder(connection, claim_name_, mail.id);
    }
    storage::save_aborted(connection, claim_name_, mail.id, stop.reason, kept);
  });
  ++report_.aborted;
}

MailRound::Beginning MailRound::begin(const storage::ClaimedMail& mail, const Composed& composed) {
  try {
    const Beginning beginning =
        persist_at_once(*environment_.pool, [&](storage::Connection& connection) {
          save_delivered_in(connection);
          return begin_in(connection, mail, composed);
        });
    delivered_.reset();
    return beginning;
  } catch (...) {
    flush_delivered();  // whatever is wrong with this mail, the one before it has been delivered
    throw;
  }
}

MailRound::Beginning MailRound::begin_in(storage::Connection& connection,
                                         const storage::ClaimedMail& mail,
                                         const Composed& composed) {
  using enum Beginning::What;
  if (auto stop = find_mail_stop(connection, environment_, mail)) return {stopped, stop};
  if (!rate_.take(connection, environment_.clock->now(), mail)) return {refused_by_rate, {}};
  if (composed.problem) return {not_composed, {}};
  const bool held = composed.mail
                        ? storage::begin_first_attempt(connection, lease(), mail.id,
                                                       stored_subject(composed.mail->subject),
                                                       composed.mail->message)
                        : storage::begin_attempt(connection, lease(), mail.id);
  return {held ? begun : lost, {}};
}

MailRound::Composed MailRound::compose(const storage::ClaimedMail& mail) const {
  Composed composed{mail.id, {}, {}};
  if (mail.raw) return composed;
  try {
    const auto facts = notifications::parse_mail_facts(mail.facts);
    composed.mail = composer_.compose(facts, mail.message_id, mail.created_at);
  } catch (...) {
    composed.problem = std::current_exception();  // for its turn, which may not come
  }
  return composed;
}

MailRound::Composed MailRound::take_composed(const storage::ClaimedMail& mail) {
  const auto ahead = std::exchange(ahead_, std::nullopt);
  return ahead && ahead->id == mail.id ? *ahead : compose(mail);
}

void MailRound::record_problem(const storage::ClaimedMail& mail,
                               const std::exception_ptr& problem) {
  try {
    std::rethrow_exception(problem);
  } catch (const std::invalid_argument& error) {
    // The row itself is wrong, and stays so.
    fail(mail, std::nullopt, {std::nullopt, error.what(), true});
  } catch (const Unavailable&) {
    throw;  // the organizers' words could not be read: no fault of the mail's
  } catch (const std::runtime_error& error) {
    // A template or text of ours is broken, which a new version of the program mends.
    postpone(mail, std::nullopt, {std::nullopt, error.what(), true},
             pause_after_attempt(mail.attempts + 1, jitter()));
  }
}

void MailRound::save_delivered_in(storage::Connection& connection) const {
  if (!delivered_) return;
  storage::save_delivered(connection, delivered_->id, delivered_->attempt, delivered_->at);
}

void MailRound::flush_delivered() {
  if (!delivered_) return;
  persist(*environment_.pool,
          [&](storage::Connection& connection) { save_delivered_in(connection); });
  delivered_.reset();
}

// One for each mail, so that a report of what became of it says which one it was.
std::string MailRound::envelope_sender(domain::OutgoingMailId mail) const {
  if (environment_.reply_mailbox.empty()) return composer_.sender().address;
  return notifications::make_reply_address(environment_.reply_mailbox,
                                           {notifications::ReplyTarget::About::mail, mail.value},
                                           environment_.secret_key);
}

notifications::DeliveryResult MailRound::send(const storage::ClaimedMail& mail,
                                              const std::string& message) {
  try {
    return transport_.deliver(
        {envelope_sender(mail.id), mail.to_address, mail.message_id, mail.attempted_before},
        message);
  } catch (const std::runtime_error& error) {  // before anything was sent
    return {DeliveryEnd::transport_down, 0, error.what()};
  }
}

MailRound::Next MailRound::record(const storage::ClaimedMail& mail, const std::string& message,
                                  const notifications::DeliveryResult& result) {
  auto attempt = to_record(result);
  switch (result.end) {
    case DeliveryEnd::delivered:
      attempt.kept_message = notifications::mask_manage_tokens(message);
      delivered_ = Delivered{mail.id, attempt, environment_.clock->now()};
      ++report_.sent;
      return Next::go_on;
    case DeliveryEnd::permanent:
      if (notifications::says_nobody_has_address(result.code, result.reply))
        fail_for_good(mail, message, attempt);
      else
        fail(mail, message, attempt);
      return Next::go_on;
    case DeliveryEnd::transport_down:
      postpone(mail, message, attempt,
               pause_without_transport(environment_.clock->now() - mail.created_at, jitter()));
      report_.transport_problem = transport_.description() + ": " + result.reply;
      return Next::stop;
    case DeliveryEnd::temporary:
    case DeliveryEnd::outcome_unknown:
      break;
  }
  postpone(mail, message, attempt, pause_after_attempt(mail.attempts + 1, jitter()));
  return result.code == 0 ? record_silence(mail) : Next::go_on;
}

// No answer within the timeout. The others of that domain wait, so that they cost no timeout each;
// a second silent domain in one round says that the server itself hangs.
MailRound::Next MailRound::record_silence(const storage::ClaimedMail& mail) {
  silent_domains_.insert(mail.mail_domain);
  if (silent_domains_.size() == 1) return Next::go_on;
  report_.transport_problem = transport_.description() + ": no answer";
  return Next::stop;
}

// Gives back what was not attempted.
void MailRound::give_back() {
  const auto now = environment_.clock->now();
  persist(*environment_.pool, [&](storage::Connection& connection) {
    storage::release_claim(connection, claim_name_);
    for (const auto& domain : silent_domains_) {
      storage::postpone_domain(connection, domain, now, now + pause_after_attempt(1, 0));
    }
    for (const auto& backlog : rate_.backlogs()) storage::spread_domain(connection, backlog, now);
  });
}

void MailRound::postpone(const storage::ClaimedMail& mail,
                         const std::optional<std::string>& message,
                         const storage::AttemptRecord& record, seconds pause) {
  const auto now = environment_.clock->now();
  if (now >= mail.give_up_at) {
    storage::AttemptRecord last = record;
    last.reply = "given up: " + last.reply;
    fail(mail, message, last);
    return;
  }
  // The last attempt falls on the moment of giving up.
  const auto not_before = std::max(now + seconds(1), std::min(now + pause, mail.give_up_at));
  persist(*environment_.pool, [&](storage::Connection& connection) {
    storage::save_postponed(connection, claim_name_, mail.id, record, not_before);
  });
  ++report_.postponed;
}

void MailRound::fail(const storage::ClaimedMail& mail, const std::optional<std::string>& message,
                     storage::AttemptRecord record) {
  if (message) record.kept_message = notifications::mask_manage_tokens(*message);
  persist(*environment_.pool, [&](storage::Connection& connection) {
    storage::save_failed(connection, claim_name_, mail.id, record);
  });
  ++report_.failed;
}

void MailRound::fail_for_good(const storage::ClaimedMail& mail, const std::string& message,
                              storage::AttemptRecord record) {
  record.kept_message = notifications::mask_manage_tokens(message);
  persist_at_once(*environment_.pool, [&](storage::Connection& connection) {
    const bool is_known = !mail.person || storage::hold_live_person(connection, *mail.person);
    storage::save_failed(connection, claim_name_, mail.id, record);
    if (!is_known) return;  // forgotten meanwhile, with the address
    storage::mark_dead(connection, make_email_key(mail.to_address), record.reply,
                       environment_.clock->now());
  });
  ++report_.failed;
}

storage::MailClaim MailRound::lease() const {
  const auto now = environment_.clock->now();
  return {claim_name_, now, now + kLease};
}

double MailRound::jitter() { return std::uniform_real_distribution<double>(-1, 1)(random_); }

DeliveryReport deliver_mails(const Environment& environment,
                             const notifications::Composer& composer,
                             notifications::MailTransport& transport, const std::string& worker,
                             int at_most, const std::stop_token& stopping,
                             const DeliveryLimits& limits) {
  return MailRound(environment, composer, transport, worker, limits).run(at_most, stopping);
}

}  // namespace narada::usecases
