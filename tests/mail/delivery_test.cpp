// The way of a row through delivery, without a server.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "service/usecases/mails/mail_delivery.h"
#include "sql/mail_delivery_store.h"
#include "tests/mail/fixture.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using notifications::DeliveryEnd;
using notifications::DeliveryResult;

namespace {

const DeliveryResult kLater{DeliveryEnd::temporary, 451, "451 later"};
const DeliveryResult kRefused{DeliveryEnd::permanent, 550, "550 no"};
const DeliveryResult kDown{DeliveryEnd::transport_down, 0, "no server"};
const DeliveryResult kUnknown{DeliveryEnd::outcome_unknown, 0, "lost"};

std::vector<std::string> recipients(const RecordingTransport& transport) {
  std::vector<std::string> result;
  for (const auto& sent : transport.sent) result.push_back(sent.envelope.recipient);
  return result;
}

using Recipients = std::vector<std::string>;

std::vector<storage::ClaimedMail> claim(MailFixture& mails, const std::string& name, int at_most) {
  const auto now = mails.clock.now();
  mails.database.pool().transact([&](storage::Connection& connection) {
    storage::claim_due_mails(connection, {name, now, now + 5min}, at_most);
    return true;
  });
  return mails.database.pool().read([&](storage::Connection& connection) {
    return storage::load_claimed_mails(connection, name);
  });
}

bool begin(MailFixture& mails, const std::string& name, domain::OutgoingMailId id) {
  const auto now = mails.clock.now();
  return mails.database.pool().transact([&](storage::Connection& connection) {
    return storage::begin_attempt(connection, {name, now, now + 5min}, id);
  });
}

}  // namespace

TEST_CASE("a held mail waits for its time") {
  MailFixture mails;
  RecordingTransport transport;
  mails.queue("a@b.example", 0, 300s);
  const auto report = mails.round(transport);
  CHECK(report.sent == 0);
  CHECK(report.next_due == mails.clock.now() + 300s);
  mails.clock.advance(299s);
  CHECK(mails.round(transport).sent == 0);
  mails.clock.advance(1s);
  CHECK(mails.round(transport).sent == 1);
}

TEST_CASE("mails of one registration leave in order, those of others do not wait") {
  MailFixture mails;
  RecordingTransport transport;
  transport.answers = {kLater};
  const auto invitation = mails.queue("invitation@b.example", 7);
  mails.queue("cancellation@b.example", 7);
  mails.queue("other@b.example", 8);
  mails.queue("none@b.example");
  auto report = mails.round(transport);
  CHECK(recipients(transport) ==
        Recipients{"invitation@b.example", "other@b.example", "none@b.example"});
  CHECK(report.next_due == mails.mail(invitation).not_before);
  report = mails.round(transport);
  CHECK(report.sent + report.postponed + report.failed == 0);
  mails.deliver_all(transport);
  CHECK(recipients(transport) == Recipients{"invitation@b.example", "other@b.example",
                                            "none@b.example", "invitation@b.example",
                                            "cancellation@b.example"});
}

TEST_CASE("a held invitation keeps its cancellation back, a failed one does not") {
  MailFixture mails;
  RecordingTransport transport;
  mails.queue("invitation@b.example", 7, 300s);
  mails.queue("cancellation@b.example", 7);
  CHECK(mails.round(transport).sent == 0);
  transport.answers = {kRefused};
  mails.deliver_all(transport);
  CHECK(recipients(transport) == Recipients{"invitation@b.example", "cancellation@b.example"});
}

TEST_CASE("a mail in another worker's hands keeps its followers back") {
  MailFixture mails;
  RecordingTransport transport;
  mails.queue("invitation@b.example", 7);
  mails.queue("cancellation@b.example", 7);
  REQUIRE(claim(mails, "other", 10).size() == 1);
  CHECK(mails.round(transport).sent == 0);
}

TEST_CASE("attempts come at growing intervals until the mail is given up") {
  MailFixture mails;
  RecordingTransport transport;
  transport.answers.assign(1000, kLater);
  const auto id = mails.queue("a@b.example");
  std::vector<std::chrono::seconds> pauses;
  auto before = mails.clock.now();
  const auto start = before;
  mails.round(transport);
  while (mails.state(id) != "failed") {
    REQUIRE(mails.state(id) == "awaiting_retry");
    const auto next = mails.mail(id).not_before;
    pauses.push_back(next - before);
    mails.clock.set(next);
    before = next;
    mails.round(transport);
  }
  REQUIRE(pauses.size() > 30);
  CHECK(pauses[0] >= 48s);
  CHECK(pauses[0] <= 72s);
  CHECK(pauses[4] >= 12min);
  CHECK(pauses[4] <= 20min);
  CHECK(pauses[20] >= 192min);
  CHECK(pauses[20] <= 288min);
  CHECK(mails.clock.now() - start == 120h);
  CHECK(mails.mail(id).last_code == 451);
  CHECK(mails.mail(id).last_reply == "given up: 451 later");
  CHECK(mails.mail(id).attempts == static_cast<int>(pauses.size()) + 1);
  for (const auto& sent : transport.sent) CHECK(sent.message == transport.sent[0].message);
}

TEST_CASE("nothing of a mail that has ended opens its registration, until then all of it does") {
  constexpr const char* kToken = "q83vEjRWeJ";
  for (const DeliveryResult& end :
       {DeliveryResult{DeliveryEnd::delivered, 250, "250 ok"}, kRefused}) {
    CAPTURE(end.reply);
    MailFixture mails;
    RecordingTransport transport;
    const auto id = mails.queue("a@b.example");
    const auto clear = [&] {
      return mails.database.pool().read([&](storage::Connection& connection) {
        const auto rows =
            connection.query("SELECT facts, raw FROM outgoing_mail WHERE id = ?", {id});
        return rows[0].text(0) + rows[0].text_or_empty(1);
      });
    };
    transport.answers = {kLater, end};
    mails.round(transport);
    CHECK(mails.raw(id).find(kToken) != std::string::npos);
    mails.deliver_all(transport, 1h);
    REQUIRE(transport.sent.size() == 2);
    CHECK(transport.sent[1].message == transport.sent[0].message);
    CHECK(clear().find(kToken) == std::string::npos);
    CHECK(!mails.raw(id).empty());
  }
}

TEST_CASE("a mail whose time ran out while nothing ran is tried once more") {
  MailFixture mails;
  RecordingTransport transport;
  const auto lucky = mails.queue("lucky@b.example");
  mails.clock.advance(1000h);
  CHECK(mails.round(transport).sent == 1);
  CHECK(mails.state(lucky) == "sent");
}

TEST_CASE("without a transport the round ends, the rest is untouched, and no attempt counts") {
  MailFixture mails;
  RecordingTransport transport;
  transport.answers = {kDown};
  const auto first = mails.queue("a@b.example");
  const auto second = mails.queue("b@b.example");
  const auto report = mails.round(transport);
  CHECK(report.transport_problem == "recording: no server");
  CHECK(report.postponed == 1);
  CHECK(mails.state(first) == "awaiting_retry");
  CHECK(mails.mail(first).attempts == 0);
  CHECK(mails.state(second) == "queued");
  // One mail that always meets a closing server does not stop the others.
  CHECK(mails.round(transport).sent == 1);
  CHECK(recipients(transport) == Recipients{"a@b.example", "b@b.example"});
}

TEST_CASE("two silent domains in one round are a silent server") {
  MailFixture mails;
  RecordingTransport transport;
  transport.answers = {kUnknown, kUnknown};
  mails.queue("a@a.example");
  mails.queue("b@a.example");
  mails.queue("a@b.example");
  const auto untouched = mails.queue("a@c.example");
  const auto report = mails.round(transport);
  CHECK(recipients(transport) == Recipients{"a@a.example", "a@b.example"});
  CHECK(report.transport_problem == "recording: no answer");
  CHECK(mails.state(untouched) == "queued");
}

TEST_CASE("what a crashed worker held is sent by another, with the same bytes") {
  MailFixture mails;
  RecordingTransport transport;
  const auto id = mails.queue("a@b.example");
  transport.answers = {kUnknown};
  mails.round(transport);
  const std::string first = mails.raw(id);
  CHECK(!first.empty());
  mails.clock.advance(2min);
  REQUIRE(claim(mails, "crashed", 10).size() == 1);
  REQUIRE(begin(mails, "crashed", id));
  CHECK(mails.round(transport).sent == 0);
  mails.clock.advance(5min);
  CHECK(mails.round(transport).sent == 0);  // the lease ends now, it has not ended
  mails.clock.advance(1s);
  // Texts that changed meanwhile change nothing about a message that may have left.
  mails.run("UPDATE outgoing_mail SET facts = REPLACE(facts, 'Warsztat', 'Inny')");
  CHECK(mails.round(transport).sent == 1);
  REQUIRE(transport.sent.size() == 2);
  CHECK(transport.sent[1].message == first);
  CHECK(transport.sent[1].envelope.attempted_before);
  CHECK(mails.mail(id).attempts == 2);
}

TEST_CASE("a worker that lost its lease sends nothing") {
  MailFixture mails;
  const auto id = mails.queue("a@b.example");
  REQUIRE(claim(mails, "slow", 10).size() == 1);
  mails.clock.advance(6min);
  REQUIRE(claim(mails, "fast", 10).size() == 1);
  CHECK(!begin(mails, "slow", id));
  CHECK(begin(mails, "fast", id));
  CHECK(begin(mails, "fast", id));  // nothing changes within the second, and it still holds
  mails.database.pool().transact([&](storage::Connection& connection) {
    storage::save_failed(connection, "slow", id, {550, "550 no"});
    storage::save_postponed(connection, "slow", id, {451, "451"}, mails.clock.now());
    storage::release_claim(connection, "slow");
    return true;
  });
  CHECK(mails.state(id) == "inflight");
  // But what was delivered stays delivered.
  mails.database.pool().transact([&](storage::Connection& connection) {
    storage::save_delivered(connection, id, {250, "250 ok"}, mails.clock.now());
    return true;
  });
  CHECK(mails.state(id) == "sent");
  CHECK(!begin(mails, "fast", id));
}

TEST_CASE("two claims at the same moment share the rows") {
  MailFixture mails;
  for (int number = 0; number < 10; ++number) mails.queue("a@b.example");
  const auto now = mails.clock.now();
  auto& pool = mails.database.pool();
  std::vector<storage::ClaimedMail> second;
  pool.transact([&](storage::Connection& connection) {
    storage::claim_due_mails(connection, {"first", now, now + 5min}, 6);
    second = claim(mails, "second", 100);  // while the first has not committed
    return true;
  });
  CHECK(second.size() == 4);
  CHECK(claim(mails, "third", 100).empty());
}

TEST_CASE("a row that cannot be a mail fails with a reason, a broken program does not fail it") {
  MailFixture mails;
  RecordingTransport transport;
  auto mail = mails.make_mail("a@b.example");
  mail.facts = "{}";
  const auto broken = mails.queue(mail);
  const auto good = mails.queue("b@b.example");
  CHECK(mails.round(transport).failed == 1);
  CHECK(mails.state(broken) == "failed");
  CHECK(mails.mail(broken).last_reply == "field missing or out of bounds: kind");
  CHECK(mails.state(good) == "sent");

  const web::Messages messages(std::string(NARADA_SOURCE_DIR) + "/web/locales");
  const web::Renderer without_templates("/nonexistent", messages, web::View::object());
  const notifications::Composer composer(without_templates, messages,
                                         {"narada@narada.example", "Narada", "https://n.example"});
  const auto id = mails.queue("c@b.example");
  const auto report = usecases::deliver_mails(mails.environment, composer, transport, "test");
  CHECK(report.postponed == 1);
  CHECK(mails.state(id) == "awaiting_retry");
  mails.deliver_all(transport);
  CHECK(mails.state(id) == "sent");
}

TEST_CASE("an answer is recorded although every connection is lost meanwhile") {
  class CuttingTransport final : public notifications::MailTransport {
   public:
    explicit CuttingTransport(TestDatabase& database) : database_(database) {}
    DeliveryResult deliver(const notifications::Envelope&, std::string_view) override {
      ++deliveries;
      database_.kill_connections();
      return {};
    }
    std::string description() const override { return "cutting"; }
    int deliveries = 0;

   private:
    TestDatabase& database_;
  };
  MailFixture mails;
  CuttingTransport transport(mails.database);
  const auto id = mails.queue("a@b.example");
  mails.queue("b@b.example");
  CHECK(mails.round(transport).sent == 2);
  CHECK(mails.state(id) == "sent");
  CHECK(transport.deliveries == 2);
}

TEST_CASE("many mails are written by few statements, in order") {
  MailFixture mails;
  std::vector<storage::NewMail> batch;
  for (int number = 0; number < 150; ++number) batch.push_back(mails.make_mail("a@b.example"));
  std::uint64_t statements = 0;
  const auto ids = mails.database.pool().transact([&](storage::Connection& connection) {
    const auto before = connection.statements();
    auto saved = storage::save_outgoing_mails(connection, batch);
    statements = connection.statements() - before;
    return saved;
  });
  REQUIRE(ids.size() == 150);
  CHECK(std::is_sorted(ids.begin(), ids.end()));
  CHECK(statements <= 12);
  for (const std::size_t index : {0, 63, 64, 127, 128, 149}) {
    CHECK(mails.mail(ids[index]).message_id == batch[index].message_id);
  }
}

TEST_CASE("organizers page through mails, newest first, others see none") {
  MailFixture mails;
  RecordingTransport transport;
  usecases::Actor organizer;
  organizer.kind = usecases::Actor::Kind::person;
  organizer.grants = {{usecases::Role::organizer, {}}};
  std::vector<domain::OutgoingMailId> ids;
  for (int number = 0; number < 5; ++number) {
    auto mail = mails.make_mail("a" + std::to_string(number) + "@b.example");
    mail.meeting = domain::MeetingId{number % 2 + 1};
    ids.push_back(mails.queue(mail));
  }
  const auto list = [&](const usecases::MailFilter& filter, const usecases::PageRequest& request) {
    auto page = usecases::list_outgoing_mails(mails.environment, organizer, filter, request);
    REQUIRE(page.ok());
    return page.value();
  };
  const auto ids_of = [](const usecases::PageOf<usecases::OutgoingMail>& page) {
    std::vector<domain::OutgoingMailId> result;
    for (const auto& mail : page.items) result.push_back(mail.id);
    return result;
  };
  using Ids = std::vector<domain::OutgoingMailId>;
  const auto first = list({}, {2, std::nullopt});
  CHECK(ids_of(first) == Ids{ids[4], ids[3]});
  const auto second = list({}, {2, first.next});
  CHECK(ids_of(second) == Ids{ids[2], ids[1]});
  const auto third = list({}, {2, second.next});
  CHECK(ids_of(third) == Ids{ids[0]});
  CHECK(!third.next);
  CHECK(ids_of(list({std::nullopt, domain::MeetingId{2}}, {})) == Ids{ids[3], ids[1]});
  mails.round(transport, 2);
  CHECK(ids_of(list({usecases::MailState::sent, std::nullopt}, {})) == Ids{ids[1], ids[0]});
  CHECK(list({}, {}).items[0].raw == std::nullopt);

  const auto forged = usecases::list_outgoing_mails(mails.environment, organizer, {}, {2, "x"});
  REQUIRE(!forged.ok());
  CHECK(std::holds_alternative<domain::FieldErrors>(forged.failure()));
  const auto by_anybody = usecases::list_outgoing_mails(mails.environment, {}, {}, {});
  REQUIRE(!by_anybody.ok());
  CHECK(std::holds_alternative<domain::Forbidden>(by_anybody.failure()));
  CHECK(!usecases::find_outgoing_mail(mails.environment, {}, ids[0]).ok());
  const auto unknown =
      usecases::find_outgoing_mail(mails.environment, organizer, domain::OutgoingMailId{999});
  REQUIRE(!unknown.ok());
  CHECK(std::holds_alternative<domain::NotFound>(unknown.failure()));
}

TEST_CASE("the delivering thread sends what is queued, wakes, reports problems and stops") {
  struct Shared {
    std::atomic<int> delivered = 0;
    std::atomic<bool> down = false;
  };
  class SharedTransport final : public notifications::MailTransport {
   public:
    explicit SharedTransport(Shared& shared) : shared_(shared) {}
    DeliveryResult deliver(const notifications::Envelope&, std::string_view) override {
      if (shared_.down) return kDown;
      ++shared_.delivered;
      return {};
    }
    std::string description() const override { return "shared"; }

   private:
    Shared& shared_;
  };
  const auto await = [](const auto& condition) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!condition() && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(2ms);
    }
    return condition();
  };
  MailFixture mails;
  Shared shared;
  std::atomic<int> problems = 0;
  usecases::MailDelivery delivery(mails.environment, test_composer(),
                                  std::make_unique<SharedTransport>(shared), "thread",
                                  [&](std::string_view problem) {
                                    if (problem == "shared: no server") ++problems;
                                  });
  mails.queue("a@b.example");
  delivery.start();
  CHECK(await([&] { return shared.delivered == 1; }));
  mails.queue("b@b.example");
  delivery.wake();
  CHECK(await([&] { return shared.delivered == 2; }));
  shared.down = true;
  mails.queue("c@b.example");
  delivery.wake();
  CHECK(await([&] { return problems == 1; }));
  delivery.stop();
  delivery.stop();
  mails.queue("d@b.example");
  std::this_thread::sleep_for(50ms);
  CHECK(shared.delivered == 2);
  shared.down = false;
  delivery.start();  // and on again
  CHECK(await([&] { return shared.delivered == 3; }));
}

TEST_CASE("a sign-in link overtakes a mass mailing, in one round and over rounds") {
  MailFixture mails;
  RecordingTransport transport;
  for (int number = 0; number < 30; ++number)
    mails.queue("a" + std::to_string(number) + "@b.example");
  auto link = mails.make_mail("link@b.example");
  link.kind = "sign_in_link";
  link.priority = 0;
  link.not_before = mails.clock.now() + 1s;
  mails.queue(link);
  CHECK(mails.round(transport, 10).sent == 10);
  mails.clock.advance(1s);
  CHECK(mails.round(transport, 10).sent == 10);
  REQUIRE(transport.sent.size() == 20);
  CHECK(transport.sent[10].envelope.recipient == "link@b.example");
}

TEST_CASE("a sign-in link that has expired is not sent any more") {
  MailFixture mails;
  RecordingTransport transport;
  auto link = mails.make_mail("link@b.example");
  link.kind = "sign_in_link";
  link.priority = 0;
  link.give_up_at = mails.clock.now() + 15min;
  const auto late = mails.queue(link);
  link.message_id = "2@narada.example";
  const auto tried = mails.queue(link);
  mails.run("UPDATE outgoing_mail SET not_before = not_before + INTERVAL 1 HOUR WHERE id = " +
            std::to_string(late.value));
  transport.answers = {kLater, kLater, kLater, kLater, kLater, kLater, kLater};
  mails.deliver_all(transport);
  CHECK(mails.state(late) == "aborted");
  CHECK(mails.state(tried) == "aborted");
  for (const auto& sent : transport.sent) CHECK(sent.envelope.message_id == "2@narada.example");
  CHECK(mails.mail(late).attempts == 0);
  CHECK(mails.clock.now() < link.give_up_at + 2h);
}
