// Which mail leaves when: priorities, pauses, rates, and a queue of a hundred thousand.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "notifications/mail_facts.h"
#include "sql/mail_delivery_store.h"
#include "sql/mail_pause_store.h"
#include "tests/mail/fixture.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using notifications::MailPriority;

namespace {

using Recipients = std::vector<std::string>;

Recipients recipients(const RecordingTransport& transport) {
  Recipients result;
  for (const auto& sent : transport.sent) result.push_back(sent.envelope.recipient);
  return result;
}

struct Queued {
  std::string address;
  MailPriority priority = MailPriority::ordinary;
  std::int64_t registration = 0;
  std::int64_t meeting = 0;
};

domain::OutgoingMailId queue(MailFixture& mails, const Queued& wanted) {
  auto mail = mails.make_mail(wanted.address);
  mail.priority = static_cast<int>(wanted.priority);
  if (wanted.registration != 0) mail.registration = domain::RegistrationId{wanted.registration};
  if (wanted.meeting != 0) mail.meeting = domain::MeetingId{wanted.meeting};
  return mails.queue(mail);
}

constexpr domain::MeetingId kMeeting{45};

// Of a meeting that is not there, which the outbox does not look at.
void pause_meeting(MailFixture& mails) {
  mails.database.pool().transact([&](storage::Connection& connection) {
    connection.run("SET foreign_key_checks = 0");
    storage::save_mail_pause(connection, storage::pause_key_of(kMeeting), kMeeting, {},
                             mails.clock.now());
    connection.run("SET foreign_key_checks = 1");
  });
}

void pause(MailFixture& mails, const std::string& key) {
  mails.database.pool().transact([&](storage::Connection& connection) {
    return storage::save_mail_pause(connection, key, {}, {}, mails.clock.now());
  });
}

bool resume(MailFixture& mails, const std::string& key,
            std::optional<domain::MeetingId> meeting = {}) {
  return mails.database.pool().transact([&](storage::Connection& connection) {
    return storage::delete_mail_pause(connection, key, meeting);
  });
}

// Runs something while the first mail of a round is on its way.
class InterruptedTransport final : public notifications::MailTransport {
 public:
  explicit InterruptedTransport(std::function<void()> interrupt)
      : interrupt_(std::move(interrupt)) {}
  notifications::DeliveryResult deliver(const notifications::Envelope& envelope,
                                        std::string_view) override {
    sent.push_back(envelope.recipient);
    if (sent.size() == 1) interrupt_();
    return {};
  }
  std::string description() const override { return "interrupted"; }
  Recipients sent;

 private:
  std::function<void()> interrupt_;
};

}  // namespace

TEST_CASE("a confirmation overtakes a mass mailing, and a sign-in link both") {
  MailFixture mails;
  RecordingTransport transport;
  for (int number = 0; number < 30; ++number)
    queue(mails, {"bulk" + std::to_string(number) + "@b.example", MailPriority::bulk});
  queue(mails, {"confirmation@b.example", MailPriority::ordinary, 7});
  queue(mails, {"link@b.example", MailPriority::urgent});
  CHECK(mails.round(transport, 3).sent == 3);
  CHECK(recipients(transport) ==
        Recipients{"link@b.example", "confirmation@b.example", "bulk0@b.example"});
}

TEST_CASE("a cancellation does not wait for a reminder, what is for many waits for it") {
  MailFixture mails;
  RecordingTransport transport;
  queue(mails, {"reminder@b.example", MailPriority::bulk, 7});
  queue(mails, {"invitation@b.example", MailPriority::ordinary, 7});
  queue(mails, {"cancellation@b.example", MailPriority::ordinary, 7});
  queue(mails, {"survey@b.example", MailPriority::bulk, 7});
  for (int round = 0; round < 4; ++round) mails.round(transport);
  CHECK(recipients(transport) == Recipients{"invitation@b.example", "reminder@b.example",
                                            "cancellation@b.example", "survey@b.example"});
}

TEST_CASE("while all mail is paused only what somebody waits for leaves") {
  MailFixture mails;
  RecordingTransport transport;
  queue(mails, {"bulk@b.example", MailPriority::bulk});
  queue(mails, {"confirmation@b.example"});
  queue(mails, {"link@b.example", MailPriority::urgent});
  pause(mails, storage::kPauseOfAll);
  const auto report = mails.round(transport);
  CHECK(recipients(transport) == Recipients{"link@b.example"});
  CHECK(!report.next_due);
  CHECK(mails.round(transport).sent == 0);
  REQUIRE(resume(mails, storage::kPauseOfAll));
  mails.round(transport);
  CHECK(recipients(transport) ==
        Recipients{"link@b.example", "confirmation@b.example", "bulk@b.example"});
}

TEST_CASE("while mail to many is paused, the rest leaves") {
  MailFixture mails;
  RecordingTransport transport;
  queue(mails, {"bulk@b.example", MailPriority::bulk});
  queue(mails, {"confirmation@b.example"});
  pause(mails, storage::kPauseOfBulk);
  CHECK(mails.round(transport).sent == 1);
  CHECK(recipients(transport) == Recipients{"confirmation@b.example"});
  resume(mails, storage::kPauseOfBulk);
  CHECK(mails.round(transport).sent == 1);
}

TEST_CASE("the mails of one paused meeting wait, also those written meanwhile") {
  MailFixture mails;
  RecordingTransport transport;
  queue(mails, {"before@b.example", MailPriority::ordinary, 7, kMeeting.value});
  queue(mails, {"other@b.example", MailPriority::ordinary, 8, 46});
  pause_meeting(mails);
  const auto meanwhile =
      queue(mails, {"meanwhile@b.example", MailPriority::ordinary, 9, kMeeting.value});
  auto report = mails.round(transport);
  CHECK(recipients(transport) == Recipients{"other@b.example"});
  CHECK(report.paused == 1);
  CHECK(mails.database.pool().read([&](storage::Connection& connection) {
    return connection.query("SELECT state FROM outgoing_mail WHERE id = ?", {meanwhile})[0].text(0);
  }) == "queued");
  // Now it is passed over without a look.
  report = mails.round(transport);
  CHECK(report.paused == 0);
  CHECK(!report.next_due);
  REQUIRE(resume(mails, storage::pause_key_of(kMeeting), kMeeting));
  CHECK(mails.round(transport).sent == 2);
  CHECK(!resume(mails, storage::pause_key_of(kMeeting), kMeeting));
}

TEST_CASE("a pause holds what a worker has claimed already, but for the mail in hand") {
  MailFixture mails;
  for (int number = 0; number < 5; ++number)
    queue(mails, {"a" + std::to_string(number) + "@b.example", MailPriority::ordinary, number + 1,
                  kMeeting.value});
  InterruptedTransport transport([&] { pause_meeting(mails); });
  const auto report = mails.round(transport);
  CHECK(report.sent == 1);
  CHECK(report.paused == 4);
  resume(mails, storage::pause_key_of(kMeeting), kMeeting);
  CHECK(mails.round(transport).sent == 4);
}

TEST_CASE("one domain gets no more a minute than allowed, and the others do not wait for it") {
  MailFixture mails;
  constexpr int kRate = 6;
  class TimedTransport final : public notifications::MailTransport {
   public:
    explicit TimedTransport(const FakeClock& clock) : clock_(clock) {}
    notifications::DeliveryResult deliver(const notifications::Envelope& envelope,
                                          std::string_view) override {
      at[envelope.recipient.substr(envelope.recipient.find('@') + 1)].push_back(clock_.now());
      return {};
    }
    std::string description() const override { return "timed"; }
    std::map<std::string, std::vector<domain::Instant>> at;

   private:
    const FakeClock& clock_;
  };
  TimedTransport transport(mails.clock);
  for (int number = 0; number < 40; ++number)
    queue(mails, {"a" + std::to_string(number) + "@Slow.Example", MailPriority::bulk});
  for (int number = 0; number < 3; ++number)
    queue(mails, {"b" + std::to_string(number) + "@" + std::to_string(number) + ".example"});
  queue(mails, {"late@slow.example", MailPriority::ordinary});
  queue(mails, {"link@slow.example", MailPriority::urgent});
  const auto start = mails.clock.now();
  for (int steps = 0; steps < 2000; ++steps) {
    const auto report = usecases::deliver_mails(mails.environment, test_composer(), transport,
                                                "test", 10, {}, {kRate});
    if (!report.next_due) break;
    mails.clock.set(std::max(*report.next_due, mails.clock.now()));
  }
  auto& slow = transport.at["slow.example"];
  auto& bulk = transport.at["Slow.Example"];
  REQUIRE(slow.size() == 2);  // the link besides
  REQUIRE(bulk.size() == 40);
  CHECK(slow[0] == start);
  CHECK(slow[1] == start);  // the confirmation has the first of the allowance
  for (int number = 0; number < 3; ++number)
    CHECK(transport.at[std::to_string(number) + ".example"] == std::vector{start});
  std::vector<domain::Instant> counted(bulk);
  counted.push_back(slow[1]);
  std::sort(counted.begin(), counted.end());
  for (std::size_t first = 0; first + kRate < counted.size(); ++first)
    CHECK(counted[first + kRate] - counted[first] >= 60s);
  CHECK(counted.back() - counted.front() <= 7min);  // and not much slower than that
}

TEST_CASE("claiming looks at few rows however many wait") {
  MailFixture mails;
  RecordingTransport transport;
  const auto now = mails.clock.now();
  queue(mails, {"seed@b.example"});
  // 40,000 paused, 30,000 to come, 30,000 for many that are due, and few that matter.
  mails.database.pool().transact([&](storage::Connection& connection) {
    connection.execute(
        "INSERT INTO outgoing_mail (message_id, kind, state, paused, priority, meeting_id, "
        "to_name, "
        "to_address, language, facts, not_before, give_up_at, created_at) SELECT CONCAT(s.seq, "
        "'@x'), kind, 'queued', s.seq <= 40000, IF(s.seq <= 70000, 1, 2), 1, to_name, CONCAT('a', "
        "s.seq, '@', s.seq % 50, '.example'), language, facts, not_before + INTERVAL IF(s.seq > "
        "40000 AND s.seq <= 70000, 3600, 0) SECOND, give_up_at, created_at FROM outgoing_mail, "
        "seq_1_to_100000 s WHERE outgoing_mail.state = 'queued'");
    return true;
  });
  std::map<std::string, std::int64_t> reads;
  mails.database.pool().transact([&](storage::Connection& connection) {
    const auto measure = [&] {
      std::int64_t sum = 0;
      for (const auto row : connection.query("SHOW SESSION STATUS LIKE 'Handler_read%'"))
        sum += std::stoll(row.text(1));
      return sum;
    };
    const auto before = measure();
    storage::claim_due_mails(connection, {"few", now, now + 5min}, 25);
    reads["claim"] = measure() - before;
    const auto between = measure();
    storage::find_next_due_mail(connection);
    reads["next"] = measure() - between;
    return true;
  });
  MESSAGE("rows read: " << reads["claim"] << " to claim, " << reads["next"] << " for the next");
  CHECK(reads["claim"] < 500);
  CHECK(reads["next"] < 200);
}
