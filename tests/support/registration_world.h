#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "files/local_blobs.h"
#include "notifications/mail_facts.h"
#include "service/domain/registration.h"
#include "service/domain/time.h"
#include "service/usecases/environment.h"
#include "service/usecases/meetings/meetings.h"
#include "service/usecases/registrations/registrations.h"
#include "tests/support/database.h"
#include "tests/support/temporary_directory.h"

namespace narada::testing {

// Stands still until it is told otherwise. Thread-safe as long as nobody sets it meanwhile.
class FakeClock final : public domain::Clock {
 public:
  domain::Instant now() const override { return now_; }
  void set(domain::Instant now) { now_ = now; }
  void advance(std::chrono::seconds by) { now_ += by; }

 private:
  domain::Instant now_{std::chrono::sys_days(std::chrono::year(2027) / 1 / 4) +
                       std::chrono::hours(9)};
};

struct SentMail {
  std::string kind;
  std::string to;
  std::string method;  // "", "REQUEST", "CANCEL"
  int sequence = -1;   // of the event; -1 without one
  friend bool operator==(const SentMail&, const SentMail&) = default;
};
std::ostream& operator<<(std::ostream& out, const SentMail& mail);

// A fresh database with an institution or two, an organizer and a clock at 4 January 2027, 09:00
// UTC; its meetings take place on 19 January 2027, 10:00 in Warsaw, unless told otherwise. Its
// files are kept in a directory that vanishes with it.
class RegistrationWorld {
 public:
  explicit RegistrationWorld(storage::PoolOptions options = {});

  storage::Pool& pool() { return database_.pool(); }
  TestDatabase& database() { return database_; }
  FakeClock& clock() { return clock_; }
  usecases::Environment& environment() { return environment_; }
  files::LocalBlobs& blobs() { return blobs_; }

  usecases::Call organizer() const;
  usecases::Call visitor() const;
  // Who has the link to that registration.
  usecases::Call holder(domain::RegistrationId registration) const;

  // 40 places on site, nothing online, a waiting list, no approval.
  usecases::MeetingForm meeting_form(int capacity = 40) const;
  domain::Meeting publish(const usecases::MeetingForm& form);
  domain::Meeting publish(int capacity = 40) { return publish(meeting_form(capacity)); }
  domain::Meeting meeting(domain::MeetingId id);
  // As change_meeting of the version that is current.
  domain::Outcome<domain::Meeting> change(domain::MeetingId id, const usecases::MeetingForm& form);

  // "Osoba 7" <osoba7@urzad.example>.
  static usecases::RegistrationForm person(int number);
  domain::Outcome<usecases::Registered> try_register(domain::MeetingId meeting,
                                                     const usecases::RegistrationForm& form);
  // Throws when refused.
  usecases::Registered enter(domain::MeetingId meeting, int number);
  domain::Registration cancel(domain::RegistrationId registration);
  domain::Registration load(domain::RegistrationId registration);

  // Everything in the outbox, in the order of ids.
  std::vector<notifications::MailFacts> facts();
  std::vector<SentMail> mails();
  std::vector<SentMail> mails_after(std::size_t count);
  std::vector<std::string> activities();  // "registration.created registration:1 anonymous"
  std::int64_t count(const std::string& table);

  // What in the database contradicts the rules of the domain; empty when all is well.
  std::vector<std::string> find_violations();

 private:
  TestDatabase database_;
  FakeClock clock_;
  TemporaryDirectory directory_;
  files::LocalBlobs blobs_{directory_.path() / "materials"};
  usecases::Environment environment_;
};

// A failure in one line: "full_name:required, email:invalid_email", "conflict:full", "not_found",
// "forbidden", "stale", "operation_reused".
std::string describe(const domain::Failure& failure);
template <class T>
std::string describe(const domain::Outcome<T>& outcome) {
  return outcome.ok() ? "ok" : describe(outcome.failure());
}

}  // namespace narada::testing
