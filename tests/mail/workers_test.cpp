// Several delivering workers, and one that is killed again and again, on one outbox.
#include <doctest/doctest.h>

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

// Queues mails to a0@b.example, a1@b.example…, that are due at `due`; their message ids.
std::set<std::string> queue_many(MailFixture& mails, int count, domain::Instant due) {
  std::vector<storage::NewMail> batch;
  std::set<std::string> ids;
  for (int number = 0; number < count; ++number) {
    auto mail = mails.make_mail("a" + std::to_string(number) + "@b.example");
    mail.created_at = mail.not_before = due;
    mail.give_up_at = due + 24h * 365;
    ids.insert(mail.message_id);
    batch.push_back(std::move(mail));
  }
  mails.database.pool().transact([&](storage::Connection& connection) {
    return storage::save_outgoing_mails(connection, batch);
  });
  return ids;
}

int count_sent(MailFixture& mails) {
  return mails.database.pool().read([](storage::Connection& connection) {
    constexpr const char* kCount = "SELECT COUNT(*) FROM outgoing_mail WHERE state = 'sent'";
    return connection.query(kCount)[0].small_integer(0);
  });
}

std::map<std::string, std::vector<ReceivedMail>> received_by_id(const SmtpServer& server) {
  std::map<std::string, std::vector<ReceivedMail>> result;
  for (auto& mail : server.received()) result[mail.message_id].push_back(mail);
  return result;
}

bool await(std::chrono::seconds patience, const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!condition() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(1ms);
  }
  return condition();
}

// Delivers until nothing is left; how many it sent.
int deliver_as(const std::string& worker, MailFixture& mails, const SmtpServer& server) {
  notifications::SmtpTransport transport(
      notifications::parse_smtp_url("smtp://" + server.address()));
  int sent = 0;
  for (;;) {
    const auto report =
        usecases::deliver_mails(mails.environment, test_composer(), transport, worker, 10);
    sent += report.sent;
    if (report.sent == 0 && !report.next_due) return sent;
  }
}

}  // namespace

TEST_CASE("three workers at once send every mail once") {
  constexpr int kMails = 400, kWorkers = 3;
  MailFixture mails;
  SmtpServer server;
  const auto expected = queue_many(mails, kMails, mails.clock.now());
  int sent[kWorkers] = {};
  {
    std::vector<std::jthread> workers;
    for (int worker = 0; worker < kWorkers; ++worker) {
      workers.emplace_back(
          [&, worker] { sent[worker] = deliver_as("w" + std::to_string(worker), mails, server); });
    }
  }
  std::set<std::string> arrived;
  for (const auto& [message_id, copies] : received_by_id(server)) {
    arrived.insert(message_id);
    CHECK(copies.size() == 1);
  }
  CHECK(arrived == expected);
  CHECK(sent[0] + sent[1] + sent[2] == kMails);
  for (const int share : sent) CHECK(share > 0);
}

TEST_CASE("a process killed fifty times loses nothing and doubles only unseen answers") {
  constexpr int kKills = 50, kAlwaysWaiting = 200;
  MailFixture mails;
  SmtpServer server;
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto command = child_command({mails.database.url(), "smtp://" + server.address(), now});
  std::set<std::string> expected;
  for (int kills = 0; kills < kKills; ++kills) {
    if (static_cast<int>(expected.size()) - count_sent(mails) < kAlwaysWaiting) {
      expected.merge(queue_many(mails, kAlwaysWaiting, now));
    }
    // Each time at another point of its work after it has begun to send.
    const auto before = server.count_received();
    ChildProcess child(command);
    REQUIRE(await(20s, [&] { return server.count_received() > before; }));
    std::this_thread::sleep_for(std::chrono::microseconds(137 * kills));
    child.kill_hard();
    REQUIRE(count_sent(mails) < static_cast<int>(expected.size()));  // it was at work
  }
  const ChildProcess last(command);
  CHECK(await(60s, [&] { return count_sent(mails) == static_cast<int>(expected.size()); }));

  std::set<std::string> arrived;
  int doubled = 0;
  for (const auto& [message_id, copies] : received_by_id(server)) {
    arrived.insert(message_id);
    for (std::size_t index = 1; index < copies.size(); ++index) {
      ++doubled;
      CHECK(!copies[index - 1].answer_seen);
      CHECK(copies[index].bytes == copies[0].bytes);
    }
  }
  CHECK(arrived == expected);
  CHECK(doubled <= kKills);
  MESSAGE("of " << expected.size() << " mails " << doubled << " arrived twice");
}
