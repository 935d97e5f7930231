// Ten thousand mails through a server that drops connections, puts off, refuses and hangs.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <thread>

#include "notifications/smtp.h"
#include "tests/mail/delivering_child.h"
#include "tests/mail/fixture.h"
#include "tests/mail/smtp_server.h"
#include "tests/support/child_process.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;

namespace {

// What became of the mails, as the server saw it.
struct Verdict {
  std::size_t arrived = 0;  // different ones
  std::size_t lost = 0;     // could be delivered, and never came
  std::size_t doubled = 0;  // further copies after an answer that the program may have missed
  std::size_t doubled_needlessly = 0;  // after one that it read
  std::size_t changed = 0;             // further copies that were not the same octets
  std::size_t unwanted = 0;            // came although the server refuses that mailbox
};

Verdict judge(const std::vector<ReceivedMail>& received, const std::set<std::string>& deliverable) {
  std::map<std::string, std::vector<const ReceivedMail*>> by_id;
  for (const auto& mail : received) by_id[mail.message_id].push_back(&mail);
  Verdict verdict;
  for (const auto& [id, copies] : by_id) {
    ++verdict.arrived;
    if (!deliverable.contains(id)) ++verdict.unwanted;
    for (std::size_t index = 1; index < copies.size(); ++index) {
      ++(copies[index - 1]->answer_seen ? verdict.doubled_needlessly : verdict.doubled);
      if (copies[index]->bytes != copies[0]->bytes) ++verdict.changed;
    }
  }
  for (const auto& id : deliverable)
    if (!by_id.contains(id)) ++verdict.lost;
  return verdict;
}

// The most attempts within a window of that length; `at` in seconds of the mails' clock.
std::size_t most_within(std::vector<double> at, double window) {
  std::sort(at.begin(), at.end());
  std::size_t most = 0, first = 0;
  for (std::size_t last = 0; last < at.size(); ++last) {
    while (at[last] - at[first] > window) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

bool await(std::chrono::seconds patience, const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!condition() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(20ms);
  return condition();
}

int count(MailFixture& mails, const std::string& condition) {
  return mails.database.pool().read([&](storage::Connection& connection) {
    return connection.query("SELECT COUNT(*) FROM outgoing_mail WHERE " + condition)[0]
        .small_integer(0);
  });
}

constexpr int kFactor = 60;  // a minute of the mails lasts a second, a lease five
constexpr int kRate = 30;    // mails a minute to one domain
constexpr auto kHold = 10min;

class Storm {
 public:
  explicit Storm(int mails_a_minute)
      : start_(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())),
        rate_(mails_a_minute) {}

  // To `domains` domains in turn; their message ids.
  std::set<std::string> queue(const std::string& name, const std::string& domain, int mails,
                              int domains, std::chrono::seconds hold = {}) {
    std::vector<storage::NewMail> batch;
    std::set<std::string> ids;
    for (int number = 0; number < mails; ++number) {
      auto mail = outbox.make_mail(name + "-" + std::to_string(number) + "@" +
                                   std::to_string(number % domains) + domain);
      mail.created_at = start_;
      mail.not_before = start_ + hold;
      mail.give_up_at = start_ + 24h * 365;
      ids.insert(mail.message_id);
      batch.push_back(std::move(mail));
    }
    outbox.database.pool().transact([&](storage::Connection& connection) {
      return storage::save_outgoing_mails(connection, batch);
    });
    return ids;
  }

  ChildProcess start_process() const {
    return ChildProcess(child_command({outbox.database.url(), "smtp://" + server.address(), start_,
                                       kFactor, /*workers=*/2, rate_, /*patience=*/500ms}));
  }

  // Attempts for addresses that end so, in seconds of the mails' clock since the start.
  std::vector<double> attempts(const std::string& end) const {
    std::vector<double> at;
    for (const auto& asked : server.asked()) {
      if (!asked.address.ends_with(end)) continue;
      const auto since = std::chrono::milliseconds(asked.at) - start_.time_since_epoch();
      at.push_back(static_cast<double>(
                       std::chrono::duration_cast<std::chrono::milliseconds>(since).count()) /
                   1000 * kFactor);
    }
    return at;
  }

  bool await_end(std::chrono::seconds patience) {
    return await(patience, [&] {
      return count(outbox, "state IN ('queued', 'inflight', 'awaiting_retry')") == 0;
    });
  }

  MailFixture outbox;
  SmtpServer server{storm_options()};

 private:
  static SmtpServerOptions storm_options() {
    SmtpServerOptions options;
    options.storm = true;
    return options;
  }

  std::chrono::sys_seconds start_;
  int rate_;
};

// Within a minute of the mails; a little less, because a mail arrives a moment after it is counted.
constexpr double kAlmostMinute = 45;

// Says that an attempt failed although the server has answered.
class DeafTransport final : public notifications::MailTransport {
 public:
  explicit DeafTransport(const SmtpServer& server)
      : inner_(notifications::parse_smtp_url("smtp://" + server.address())) {}
  notifications::DeliveryResult deliver(const notifications::Envelope& envelope,
                                        std::string_view message) override {
    const auto result = inner_.deliver(envelope, message);
    const bool is_first = met_.insert(envelope.recipient).second;
    return is_first ? notifications::DeliveryResult{notifications::DeliveryEnd::temporary, 451, ""}
                    : result;
  }
  std::string description() const override { return "deaf"; }

 private:
  notifications::SmtpTransport inner_;
  std::set<std::string> met_;
};

}  // namespace

TEST_CASE(
    "ten thousand mails through a storm: all that can arrive do, and no more often than needed") {
  Storm storm(kRate);
  auto deliverable = storm.queue("storm", ".many.example", 9'300, 930);
  deliverable.merge(storm.queue("storm", ".slow.example", 300, 1));
  deliverable.merge(storm.queue("storm", ".held.example", 300, 30, kHold));
  const auto refused = storm.queue("refused", ".refused.example", 100, 20);
  {
    const auto first = storm.start_process();
    auto second = storm.start_process();
    REQUIRE(await(60s, [&] { return storm.server.count_received() > 3000; }));
    second.kill_hard();  // in the middle of four hands
    const auto third = storm.start_process();
    CHECK(storm.await_end(120s));
  }
  const auto verdict = judge(storm.server.received(), deliverable);
  CHECK(verdict.arrived == deliverable.size());
  CHECK(verdict.lost == 0);
  CHECK(verdict.doubled_needlessly == 0);
  CHECK(verdict.changed == 0);
  CHECK(verdict.unwanted == 0);
  CHECK(verdict.doubled > 0);  // it was a storm
  CHECK(count(storm.outbox, "state = 'sent'") == static_cast<int>(deliverable.size()));
  CHECK(count(storm.outbox, "state = 'failed' AND last_code = 550") ==
        static_cast<int>(refused.size()));
  const auto slow = storm.attempts(".slow.example");
  CHECK(slow.size() >= 300);
  CHECK(most_within(slow, kAlmostMinute) <= kRate);
  const auto held = storm.attempts(".held.example");
  CHECK(*std::min_element(held.begin(), held.end()) >=
        std::chrono::duration<double>(std::chrono::seconds(kHold)).count());
  MESSAGE("of " << verdict.arrived << " mails " << verdict.doubled << " copies came twice; at most "
                << most_within(slow, kAlmostMinute) << " to one domain in " << kAlmostMinute
                << " s");
}

TEST_CASE("what judges the storm sees a mail that is lost, doubled without need, or too fast") {
  Storm storm(0);
  auto deliverable = storm.queue("deaf", ".deaf.example", 5, 1);
  DeafTransport deaf(storm.server);
  storm.outbox.clock.set(domain::Instant(std::chrono::floor<std::chrono::seconds>(
      std::chrono::system_clock::now().time_since_epoch())));
  storm.outbox.deliver_all(deaf);
  deliverable.insert("never-queued@narada.example");
  const auto verdict = judge(storm.server.received(), deliverable);
  CHECK(verdict.arrived == 5);
  CHECK(verdict.lost == 1);
  CHECK(verdict.doubled_needlessly > 0);
  CHECK(judge(storm.server.received(), {}).unwanted == 5);

  storm.queue("storm", ".slow.example", 120, 1);
  {
    const auto process = storm.start_process();
    CHECK(await(30s, [&] { return storm.attempts(".slow.example").size() >= 120; }));
  }
  CHECK(most_within(storm.attempts(".slow.example"), kAlmostMinute) > kRate);
}
