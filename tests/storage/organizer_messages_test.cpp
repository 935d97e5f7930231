// What organizers write: to whom it goes, once, and what becomes of it.
#include "service/usecases/messages/organizer_messages.h"

#include <doctest/doctest.h>

#include <set>
#include <stdexcept>

#include "service/usecases/access.h"
#include "service/usecases/invitees/invitee_sending.h"
#include "service/usecases/invitees/invitees.h"
#include "service/usecases/people/clean_up.h"
#include "sql/connection.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using domain::MessageGroup;
using usecases::MessageOrder;

namespace {

struct MessageWorld : RegistrationWorld {
  usecases::Call owner() {
    if (person_id.value == 0)
      person_id =
          usecases::add_user(environment(), "ola@urzad.example", "Ola", usecases::Role::organizer)
              .value();
    usecases::Call call;
    call.actor.kind = usecases::Actor::Kind::person;
    call.actor.id = person_id.value;
    call.actor.person = person_id;
    call.actor.grants = {{usecases::Role::organizer, {}}};
    call.request_id = "test";
    return call;
  }
  usecases::StartedMessage send(const domain::MessageScope& scope, const MessageOrder& order,
                                const std::string& key = {}) {
    auto call = owner();
    if (!key.empty()) call.idempotency_key = key;
    const auto started = usecases::send_message(environment(), call, scope, order);
    REQUIRE_MESSAGE(started.ok(), describe(started));
    return *started;
  }
  bool work(const std::string& worker = "one") {
    const usecases::TaskKinds kinds{
        {std::string(usecases::kMessageTask), usecases::make_message_work(environment())}};
    return usecases::run_next_task(environment(), kinds, worker);
  }
  std::vector<notifications::MailFacts> messages() {
    std::vector<notifications::MailFacts> found;
    for (auto& one : facts())
      if (one.kind == notifications::MailKind::organizer_message) found.push_back(std::move(one));
    return found;
  }
  void kill_address(const std::string& email) {
    pool().transact([&](storage::Connection& connection) {
      connection.execute(
          "INSERT INTO mail_address (email_key, dead_since, changed_at) VALUES (?, ?, ?)",
          {email, clock().now(), clock().now()});
    });
  }
  domain::PersonId person_id;
};

MessageOrder to_participants(const std::string& body = "Dzień dobry {osoba}: {link}") {
  MessageOrder order;
  order.groups = {MessageGroup::participants};
  order.texts.polish = {"Zmiana sali", body};
  return order;
}

}  // namespace

TEST_CASE("each participant gets one mail with their own name and link, and answers reach us") {
  MessageWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  world.enter(meeting.id, 2);
  world.send(meeting.id, to_participants());
  CHECK(world.messages().empty());  // until the task runs
  CHECK(world.work());
  CHECK_FALSE(world.work());
  const auto mails = world.messages();
  REQUIRE(mails.size() == 2);
  CHECK(mails[0].subject == "Zmiana sali");
  CHECK(mails[0].to_address == "osoba1@urzad.example");
  CHECK(mails[0].ask->text == "Dzień dobry Osoba 1: " + mails[0].manage_url);
  CHECK(mails[1].ask->text == "Dzień dobry Osoba 2: " + mails[1].manage_url);
  CHECK(mails[0].manage_url != mails[1].manage_url);
  CHECK_FALSE(mails[0].method);
  CHECK_FALSE(mails[0].reply_address.empty());
  const auto listed =
      usecases::list_messages(world.environment(), world.owner().actor, meeting.id).value();
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].written_by == "Ola");
  CHECK(listed[0].people == 2);
  CHECK(listed[0].waiting == 2);
  CHECK(world.activities().back().find("message.sent meeting:") == 0);
}

TEST_CASE("the link of a message opens the registration of its person") {
  MessageWorld world;
  const auto meeting = world.publish();
  const auto registered = world.enter(meeting.id, 1);
  world.send(meeting.id, to_participants());
  world.work();
  const auto url = world.messages().front().manage_url;
  const auto found =
      usecases::find_registration_by_token(world.environment(), url.substr(url.rfind('/') + 1));
  REQUIRE(found.ok());
  CHECK(found->registration.id == registered.registration.id);
}

TEST_CASE("pressed twice it is sent once, and other words under the same key are refused") {
  MessageWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  const auto first = world.send(meeting.id, to_participants(), "klucz");
  const auto second = world.send(meeting.id, to_participants(), "klucz");
  CHECK(first.message == second.message);
  CHECK(first.task == second.task);
  while (world.work()) {
  }
  CHECK(world.messages().size() == 1);
}

TEST_CASE("a process that dies in the middle leaves the rest to another, and nobody gets two") {
  MessageWorld world;
  const auto meeting = world.publish(120);
  for (int number = 1; number <= 110; ++number) world.enter(meeting.id, number);
  const auto started = world.send(meeting.id, to_participants());
  // The first transaction has been committed, but the process ends before it says so.
  struct Died : std::runtime_error {
    Died() : std::runtime_error("died") {}
  };
  struct DyingRun : usecases::TaskRun {
    std::string text;
    domain::TaskId id() const override { return {}; }
    const std::string& parameters() const override { return text; }
    usecases::Call call() const override { return {}; }
    int finished() const override { return 0; }
    bool advance(int, const std::vector<usecases::TaskFailure>&, std::optional<int>) override {
      throw Died();
    }
    void keep_result(usecases::TaskResult) override {}
  };
  DyingRun dying;
  dying.text = "{\"message\":" + std::to_string(started.message.value) + "}";
  CHECK_THROWS_AS(usecases::make_message_work(world.environment())(dying), Died);
  CHECK(world.messages().size() == 50);
  CHECK(world.work("two"));
  const auto mails = world.messages();
  CHECK(mails.size() == 110);
  std::set<std::string> addresses;
  for (const auto& mail : mails) addresses.insert(mail.to_address);
  CHECK(addresses.size() == 110);
  const auto task =
      usecases::find_task(world.environment(), world.owner().actor, started.task).value();
  CHECK(task.state == usecases::TaskState::done);
  CHECK(task.finished == 110);
  CHECK(task.total == 110);
}

TEST_CASE("while it is held it can be taken back: before the task and after it") {
  for (const bool written : {false, true}) {
    CAPTURE(written);
    MessageWorld world;
    world.environment().hold_seconds = 60;
    const auto meeting = world.publish();
    world.enter(meeting.id, 1);
    const auto started = world.send(meeting.id, to_participants());
    if (written) world.work();
    const auto stopped = usecases::take_back_message(world.environment(), world.owner(), meeting.id,
                                                     started.message);
    REQUIRE_MESSAGE(stopped.ok(), describe(stopped));
    CHECK(*stopped == (written ? 1 : 0));
    world.work();
    const auto queued = world.pool().read([](storage::Connection& connection) {
      return connection
          .query(
              "SELECT COUNT(*) FROM outgoing_mail WHERE kind = 'organizer_message' AND state = "
              "'queued'")[0]
          .integer(0);
    });
    CHECK(queued == 0);
    CHECK(describe(usecases::take_back_message(world.environment(), world.owner(), meeting.id,
                                               started.message)) == "conflict:nothing_held");
  }
}

TEST_CASE("what has left is not taken back") {
  MessageWorld world;
  world.environment().hold_seconds = 60;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  const auto started = world.send(meeting.id, to_participants());
  world.work();
  world.clock().advance(std::chrono::seconds(61));
  CHECK(describe(usecases::take_back_message(world.environment(), world.owner(), meeting.id,
                                             started.message)) == "conflict:nothing_held");
}

TEST_CASE("the preview counts people and addresses, names who is left out, and writes nothing") {
  MessageWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  world.enter(meeting.id, 2);
  world.kill_address("osoba2@urzad.example");
  const auto preview = usecases::preview_message(world.environment(), world.owner().actor,
                                                 meeting.id, to_participants());
  REQUIRE_MESSAGE(preview.ok(), describe(preview));
  CHECK(preview->people == 1);
  CHECK(preview->addresses == 1);
  REQUIRE(preview->left_out.size() == 1);
  CHECK(preview->left_out[0].name == "Osoba 2");
  CHECK(preview->left_out[0].why == domain::LeftOut::dead_address);
  REQUIRE(preview->samples.size() == 1);
  CHECK(preview->samples[0].manage_url.ends_with("/z/***"));
  CHECK(world.count("organizer_message") == 0);
  CHECK(world.messages().empty());
}

TEST_CASE("English words go to who reads English; without them the mail is Polish throughout") {
  for (const bool translated : {true, false}) {
    CAPTURE(translated);
    MessageWorld world;
    const auto meeting = world.publish();
    auto form = RegistrationWorld::person(1);
    form.language = domain::Language::en;
    REQUIRE(world.try_register(meeting.id, form).ok());
    auto order = to_participants();
    if (translated) order.texts.english = {"Another room", "Hello {osoba}"};
    world.send(meeting.id, order);
    world.work();
    const auto mail = world.messages().front();
    CHECK(mail.language == (translated ? domain::Language::en : domain::Language::pl));
    CHECK(mail.subject == (translated ? "Another room" : "Zmiana sali"));
    CHECK((mail.manage_url.find("/en/z/") != std::string::npos) == translated);
  }
}

TEST_CASE("what is wrong with a message is said field by field") {
  MessageWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  const auto check = [&](const MessageOrder& order) {
    return describe(
        usecases::preview_message(world.environment(), world.owner().actor, meeting.id, order));
  };
  CHECK(check({}) == "groups:required, subject:required, body:required");
  CHECK(check(to_participants("Dzień dobry {imie}")) == "body:unknown_message_placeholder");
  auto half = to_participants();
  half.texts.english.subject = "Room";
  CHECK(check(half) == "body_en:required");
  auto nobody = to_participants();
  nobody.groups = {MessageGroup::waiting};
  CHECK(check(nobody) == "conflict:nobody_to_write");
  CHECK(describe(usecases::preview_message(world.environment(), world.visitor().actor, meeting.id,
                                           to_participants())) == "forbidden");
}

TEST_CASE("somebody erased before their mail is written gets none, and it counts as failed") {
  MessageWorld world;
  const auto meeting = world.publish();
  const auto registered = world.enter(meeting.id, 1);
  world.send(meeting.id, to_participants());
  world.pool().transact([&](storage::Connection& connection) {
    connection.execute("UPDATE person SET full_name = '', email = '', erased_at = ? WHERE id = ?",
                       {world.clock().now(), registered.registration.person.id});
  });
  CHECK(world.work());
  CHECK(world.messages().empty());
  const auto listed =
      usecases::list_messages(world.environment(), world.owner().actor, meeting.id).value();
  CHECK(listed[0].failed == 1);
}

TEST_CASE("once its mail is written, nothing beside the mail says whom a message was for") {
  MessageWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  world.send(meeting.id, to_participants());
  world.work();
  const auto left = world.pool().read([](storage::Connection& connection) {
    return connection
        .query(
            "SELECT COUNT(*) FROM organizer_message_person WHERE registration_id IS NOT NULL OR "
            "invitee_id IS NOT NULL")[0]
        .integer(0);
  });
  CHECK(left == 0);
}

TEST_CASE("the words of a message go with the mails, its numbers stay") {
  MessageWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  world.send(meeting.id, to_participants());
  world.work();
  const auto clean = [&] {
    usecases::Call call;
    call.actor.kind = usecases::Actor::Kind::system;
    const auto report = usecases::clean_up(world.environment(), call, "test");
    REQUIRE_MESSAGE(report.ok(), describe(report));
  };
  world.clock().advance(std::chrono::days(365));
  clean();
  CHECK(world.count("organizer_message WHERE body <> ''") == 1);
  world.clock().advance(std::chrono::seconds(1));
  clean();
  CHECK(world.count("organizer_message WHERE body <> '' OR subject <> ''") == 0);
  CHECK(world.count("organizer_message WHERE people = 1") == 1);
}

TEST_CASE("who is on the list and has not answered is written to, with a link to the form") {
  MessageWorld world;
  const auto meeting = world.publish();
  usecases::InviteeSelection selection;
  selection.text =
      "Jan Kowalski;jan@urzad.example\nEwa Lis;ewa@urzad.example\n"
      "Adam Mak;adam@urzad.example\nIga Sowa;iga@urzad.example\n";
  REQUIRE(add_invitees(world.environment(), world.owner(), meeting.id, selection).ok());
  MessageOrder order;
  order.groups = {MessageGroup::invited};
  order.texts.polish = {"Zostały dwa miejsca", "Dzień dobry {osoba}: {link}"};
  // Nobody has been invited yet.
  CHECK(describe(send_message(world.environment(), world.owner(), meeting.id, order)) != "ok");
  REQUIRE(send_invitations(world.environment(), world.owner(), meeting.id, {}).ok());
  auto form = RegistrationWorld::person(1);
  form.full_name = "Ewa Lis";
  form.email = "ewa@urzad.example";
  REQUIRE(world.try_register(meeting.id, form).ok());
  world.kill_address("adam@urzad.example");
  world.send(meeting.id, order);
  while (world.work()) {
  }
  std::set<std::string> addresses;
  for (const auto& mail : world.messages()) {
    addresses.insert(mail.to_address);
    CHECK(mail.subject == "Zostały dwa miejsca");
    CHECK(mail.ask->text == "Dzień dobry " + mail.to_name + ": https://narada.example/spotkania/" +
                                meeting.slug + "/zapisy");
    CHECK(mail.manage_url.empty());
    CHECK_FALSE(mail.event.has_value());
  }
  CHECK(addresses == std::set<std::string>{"jan@urzad.example", "iga@urzad.example"});
}
