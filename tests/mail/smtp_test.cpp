// Delivery to a real SMTP server: what each of its answers does to the mail.
#include "notifications/smtp.h"

#include <doctest/doctest.h>

#include <chrono>
#include <map>

#include "notifications/mime.h"
#include "sql/mail_address_store.h"
#include "tests/mail/fixture.h"
#include "tests/mail/smtp_server.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using notifications::DeliveryEnd;
using notifications::parse_smtp_url;
using notifications::SmtpTransport;

namespace {

std::string with_final_line_break(std::string text) {
  return text.ends_with("\r\n") ? text : text + "\r\n";
}

// Every address that something arrived for, with how often.
std::map<std::string, int> arrivals(const SmtpServer& server) {
  std::map<std::string, int> result;
  for (const auto& mail : server.received()) ++result[mail.to];
  return result;
}

using Arrivals = std::map<std::string, int>;

}  // namespace

TEST_CASE("a mail arrives as it was stored, and is stored as sent") {
  MailFixture mails;
  SmtpServer server;
  SmtpTransport transport(parse_smtp_url("smtp://" + server.address()));
  const auto id = mails.queue("anna@b.example");
  const auto report = mails.round(transport);
  CHECK(report.sent == 1);
  CHECK(report.postponed == 0);
  CHECK(report.failed == 0);
  CHECK(!report.next_due);
  CHECK(report.transport_problem.empty());

  const auto received = server.received();
  REQUIRE(received.size() == 1);
  const auto mail = mails.mail(id);
  CHECK(received[0].to == "anna@b.example");
  CHECK(received[0].from == "narada@narada.example");
  CHECK(received[0].message_id == mail.message_id);
  CHECK(mail.state == usecases::MailState::sent);
  CHECK(mail.subject == "Masz miejsce: Warsztat o zieleni (19 stycznia 2027)");
  CHECK(mail.attempts == 1);
  CHECK(mail.sent_at == mails.clock.now());
  REQUIRE(mail.raw);
  CHECK(received[0].bytes.find("q83vEjRWeJ") != std::string::npos);
  // What is kept of it opens nothing.
  CHECK(with_final_line_break(mails.raw(id)) ==
        with_final_line_break(notifications::mask_manage_tokens(received[0].bytes)));
  CHECK(mails.raw(id).find("q83vEjRWeJ") == std::string::npos);
  CHECK(*mail.raw == mails.raw(id));
  CHECK(mails.round(transport).sent == 0);
  CHECK(server.received().size() == 1);
}

TEST_CASE(
    "while the server is away nothing is lost or counted, afterwards everything arrives once") {
  MailFixture mails;
  SmtpServer server;
  SmtpTransport transport(parse_smtp_url("smtp://" + server.address()));
  const auto first = mails.queue("first@b.example");
  CHECK(mails.round(transport).sent == 1);  // the connection is kept from here on
  server.stop();
  std::vector<domain::OutgoingMailId> ids;
  Arrivals expected{{"first@b.example", 1}};
  for (int number = 0; number < 20; ++number) {
    const std::string address = "a" + std::to_string(number) + "@b.example";
    ids.push_back(mails.queue(address));
    expected[address] = 1;
  }
  for (int minute = 0; minute < 10; ++minute) {
    mails.clock.advance(60s);
    const auto report = mails.round(transport);
    CHECK(report.sent == 0);
    CHECK(report.failed == 0);
    CHECK(report.postponed <= 1);
    CHECK(report.transport_problem.find(server.address()) != std::string::npos);
  }
  server.start();
  mails.deliver_all(transport, 1h);
  CHECK(arrivals(server) == expected);
  CHECK(mails.mail(first).attempts == 1);
  for (const auto id : ids) {
    CHECK(mails.state(id) == "sent");
    CHECK(mails.mail(id).attempts == 1);
  }
}

TEST_CASE("each answer of the server has its own end") {
  struct Case {
    std::string address;
    std::string state_after_round;
    int attempts_after_round;
    std::optional<int> code;
    std::string final_state;
    int arrivals;  // in the end
  };
  const Case cases[] = {
      {"plain@b.example", "sent", 1, std::nullopt, "sent", 1},
      {"later-1@b.example", "awaiting_retry", 1, 451, "sent", 1},
      {"full-1@b.example", "awaiting_retry", 1, 452, "sent", 1},
      {"refused-1@b.example", "failed", 1, 550, "failed", 0},
      {"spam-1@b.example", "failed", 1, 554, "failed", 0},
      {"cut-1@b.example", "awaiting_retry", 0, std::nullopt, "sent", 1},
      {"dropped-1@b.example", "awaiting_retry", 1, std::nullopt, "sent", 2},
      {"hanging-1@b.example", "awaiting_retry", 1, std::nullopt, "sent", 2},
      {"stalled-1@b.example", "awaiting_retry", 1, std::nullopt, "sent", 1},
      {"silent-1@b.example", "awaiting_retry", 1, std::nullopt, "failed", 0},
  };
  MailFixture mails;
  SmtpServer server;
  for (const Case& given : cases) {
    CAPTURE(given.address);
    SmtpTransport transport(parse_smtp_url("smtp://" + server.address() + "?timeout=1"));
    auto mail = mails.make_mail(given.address);
    mail.give_up_at = mails.clock.now() + 4min;  // so that the silent one ends soon
    const auto id = mails.queue(mail);
    mails.round(transport);
    CHECK(mails.state(id) == given.state_after_round);
    CHECK(mails.mail(id).attempts == given.attempts_after_round);
    CHECK(mails.mail(id).last_code == given.code);
    mails.deliver_all(transport);
    CHECK(mails.state(id) == given.final_state);
    CHECK(arrivals(server)[given.address] == given.arrivals);
  }
  // What arrived twice had an answer that the client never saw, and is the same to the octet.
  std::map<std::string, std::string> bytes;
  for (const auto& mail : server.received()) {
    const auto [other, is_first] = bytes.emplace(mail.message_id, mail.bytes);
    if (!is_first) CHECK(other->second == mail.bytes);
  }
}

TEST_CASE(
    "an address that a server says nobody has gets no more mail, one that refuses this mail does") {
  MailFixture mails;
  SmtpServer server;
  SmtpTransport transport(parse_smtp_url("smtp://" + server.address()));
  const auto states_of_two = [&](const std::string& address) {
    std::vector<std::string> states;
    for (int number = 0; number < 2; ++number) {
      const auto id = mails.queue(address);
      mails.round(transport);
      states.push_back(mails.state(id));
    }
    return states;
  };
  using States = std::vector<std::string>;
  CHECK(states_of_two("refused-1@b.example") == States{"failed", "aborted"});
  CHECK(states_of_two("Refused-1@B.example") == States{"aborted", "aborted"});
  CHECK(states_of_two("spam-1@b.example") == States{"failed", "failed"});
  const auto known = mails.database.pool().read([](storage::Connection& connection) {
    return storage::find_mail_address(connection, "refused-1@b.example");
  });
  REQUIRE(known);
  CHECK(known->dead_since == mails.clock.now());
  CHECK(known->last_reply == "550 5.1.1 no such mailbox");
}

TEST_CASE("a refused recipient does not keep the others waiting") {
  MailFixture mails;
  SmtpServer server;
  SmtpTransport transport(parse_smtp_url("smtp://" + server.address()));
  mails.queue("a@b.example");
  const auto refused = mails.queue("refused-1@b.example");
  const auto later = mails.queue("later-1@b.example");
  mails.queue("z@b.example");
  const auto report = mails.round(transport);
  CHECK(report.sent == 2);
  CHECK(report.failed == 1);
  CHECK(report.postponed == 1);
  CHECK(arrivals(server) == Arrivals{{"a@b.example", 1}, {"z@b.example", 1}});
  CHECK(mails.mail(refused).last_reply == "550 5.1.1 no such mailbox");
  CHECK(mails.mail(later).last_reply == "451 4.7.1 come back later");
}

TEST_CASE("a server that closes pauses the round and blames nobody") {
  MailFixture mails;
  SmtpServer server;
  SmtpTransport transport(parse_smtp_url("smtp://" + server.address()));
  const auto closing = mails.queue("closing-1@b.example");
  const auto other = mails.queue("other@b.example");
  const auto report = mails.round(transport);
  CHECK(report.sent == 0);
  CHECK(report.failed == 0);
  CHECK(!report.transport_problem.empty());
  CHECK(mails.mail(closing).attempts == 0);
  CHECK(mails.state(other) == "queued");
  mails.deliver_all(transport);
  CHECK(arrivals(server) == Arrivals{{"closing-1@b.example", 1}, {"other@b.example", 1}});
}

TEST_CASE("a domain that hangs costs the others one timeout") {
  MailFixture mails;
  SmtpServer server;
  SmtpTransport transport(parse_smtp_url("smtp://" + server.address() + "?timeout=1"));
  for (int number = 0; number < 10; ++number) {
    mails.queue("silent-" + std::to_string(number) + "@slow.example");
  }
  Arrivals expected;
  for (int number = 0; number < 10; ++number) {
    const std::string address = "a" + std::to_string(number) + "@fast.example";
    mails.queue(address);
    expected[address] = 1;
  }
  const auto start = std::chrono::steady_clock::now();
  CHECK(mails.round(transport, 4).postponed == 1);  // the first rows are all of the slow domain
  while (mails.round(transport, 4).sent > 0) {
  }
  CHECK(arrivals(server) == expected);
  CHECK(std::chrono::steady_clock::now() - start < 3s);
}

TEST_CASE("a sender that is refused is our fault") {
  MailFixture mails;
  SmtpServer server({.refuse_sender = true});
  SmtpTransport transport(parse_smtp_url("smtp://" + server.address()));
  const auto id = mails.queue("a@b.example");
  CHECK(mails.round(transport).transport_problem.find("sender refused") != std::string::npos);
  CHECK(mails.state(id) == "awaiting_retry");
  CHECK(mails.mail(id).attempts == 0);
}

TEST_CASE("without the right password nothing is sent and nobody is blamed") {
  MailFixture mails;
  SmtpServer server({.user = "narada", .password = "p@ss:%"});
  const auto id = mails.queue("a@b.example");
  for (const std::string credentials : {"", "narada:wrong@", "other:p%40ss%3A%25@"}) {
    CAPTURE(credentials);
    SmtpTransport transport(parse_smtp_url("smtp://" + credentials + server.address()));
    mails.clock.advance(1h);
    const auto report = mails.round(transport);
    CHECK(!report.transport_problem.empty());
    CHECK(mails.state(id) == "awaiting_retry");
    CHECK(mails.mail(id).attempts == 0);
    CHECK(mails.mail(id).last_reply.find("p@ss") == std::string::npos);
  }
  CHECK(server.received().empty());
  SmtpTransport transport(parse_smtp_url("smtp://narada:p%40ss%3A%25@" + server.address()));
  mails.deliver_all(transport);
  REQUIRE(server.received().size() == 1);
  CHECK(server.received()[0].user == "narada");
}

TEST_CASE("TLS that cannot be trusted or had sends nothing") {
  const std::string trust = "?ca=" + self_signed_certificate();
  struct Case {
    std::string name;
    SmtpServerOptions server;
    std::string scheme, query;
    bool arrives;
  };
  for (const Case& given : {
           Case{"STARTTLS, unknown certificate",
                {.certificate = true},
                "smtp+starttls://",
                "",
                false},
           Case{"STARTTLS, trusted", {.certificate = true}, "smtp+starttls://", trust, true},
           Case{"STARTTLS that is not offered", {}, "smtp+starttls://", trust, false},
           Case{"TLS, unknown certificate",
                {.certificate = true, .secure = true},
                "smtps://",
                "",
                false},
           Case{"TLS, trusted", {.certificate = true, .secure = true}, "smtps://", trust, true},
           Case{"TLS to a server in clear", {}, "smtps://", trust + "&timeout=2", false},
           Case{"certificates that do not exist",
                {.certificate = true},
                "smtp+starttls://",
                "?ca=/nonexistent.pem",
                false},
       }) {
    CAPTURE(given.name);
    MailFixture mails;
    SmtpServer server(given.server);
    SmtpTransport transport(parse_smtp_url(given.scheme + server.address() + given.query));
    const auto id = mails.queue("a@b.example");
    const auto report = mails.round(transport);
    CHECK(report.sent == (given.arrives ? 1 : 0));
    CHECK(report.transport_problem.empty() == given.arrives);
    CHECK(mails.state(id) == (given.arrives ? "sent" : "awaiting_retry"));
    const auto received = server.received();
    CHECK(received.size() == (given.arrives ? 1 : 0));
    for (const auto& mail : received) CHECK(mail.secure);
  }
}

TEST_CASE("an address never becomes a command of its own") {
  MailFixture mails;
  SmtpServer server;
  SmtpTransport transport(parse_smtp_url("smtp://" + server.address()));
  for (const std::string address :
       {"a@b.example>\r\nRCPT TO:<victim@b.example", "a@b.example\r\nDATA\r\n",
        "<victim@b.example>", "victim@b.example,other@b.example", "a b@b.example", "", "victim"}) {
    CAPTURE(address);
    // Once past the composer, which refuses first, and once through it.
    const auto direct = transport.deliver({"narada@narada.example", address, "1@b", false},
                                          "Subject: x\r\n\r\nx\r\n");
    CHECK(direct.end == DeliveryEnd::permanent);
    const auto id = mails.queue(address);
    CHECK(mails.round(transport).failed == 1);
    CHECK(mails.state(id) == "failed");
    CHECK(!mails.mail(id).last_reply.empty());
  }
  CHECK(server.received().empty());
  CHECK(transport.deliver({"x>\r\nRCPT TO:<y", "a@b.example", "1@b", false}, "x\r\n").end ==
        DeliveryEnd::transport_down);
  CHECK(server.received().empty());
}

TEST_CASE("a line with one dot, and long bodies, arrive unchanged") {
  SmtpServer server;
  SmtpTransport transport(parse_smtp_url("smtp://" + server.address()));
  const std::string bodies[] = {
      "Subject: x\r\n\r\n.\r\n..\r\n.x\r\nMAIL FROM:<a@b>\r\n.\r\n",
      "Subject: x\r\n\r\n" + std::string(300'000, 'x') + "\r\n.\r\n",
  };
  for (const std::string& body : bodies) {
    CHECK(transport.deliver({"narada@narada.example", "a@b.example", "1@b", false}, body).end ==
          DeliveryEnd::delivered);
    CHECK(server.received().back().bytes == body);
  }
  CHECK(server.received().size() == 2);
}
