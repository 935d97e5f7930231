#include "service/usecases/mails/mail_queue.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "notifications/mime.h"
#include "service/usecases/mails/mail_gauges.h"
#include "service/usecases/people/account_mails.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using usecases::Actor;
using usecases::MailState;
using usecases::Role;

namespace {

using Names = std::vector<std::string>;

Actor person_with(const std::vector<domain::RoleGrant>& grants) {
  Actor actor{Actor::Kind::person, 900, grants};
  actor.person = domain::PersonId{900};
  return actor;
}

usecases::Call call_of(const Actor& actor) {
  usecases::Call call;
  call.actor = actor;
  return call;
}

domain::OutgoingMailId last_mail(RegistrationWorld& world) {
  return world.pool().read([](storage::Connection& connection) {
    return domain::OutgoingMailId{
        connection.query("SELECT MAX(id) FROM outgoing_mail")[0].integer(0)};
  });
}

// As delivery leaves a mail that nobody took: no facts, and a message without the link.
void fail(RegistrationWorld& world, domain::OutgoingMailId id, const std::string& state = "failed",
          const std::string& link = "https://narada.example/z/abcdefghijklmnop") {
  notifications::MimeMessage message;
  message.from = {"Narada", "spotkania@narada.example"};
  message.to = {"Osoba", "osoba@urzad.example"};
  message.subject = "Zgłoszenie";
  message.message_id = "x@narada.example";
  message.language = "pl";
  message.text = "Twój link: " + link + "\n";
  message.html = "<p>x</p>";
  const auto raw = notifications::mask_manage_tokens(notifications::write_message(message));
  world.pool().transact([&](storage::Connection& connection) {
    return connection.execute(
        "UPDATE outgoing_mail SET state = ?, facts = '', raw = ?, subject = 'Zgłoszenie', "
        "attempts = 3, last_code = 550, last_reply = '550 no such user' WHERE id = ?",
        {state, raw, id});
  });
}

notifications::MailFacts facts_of(RegistrationWorld& world, domain::OutgoingMailId id) {
  return world.pool().read([&](storage::Connection& connection) {
    return notifications::parse_mail_facts(
        connection.query("SELECT facts FROM outgoing_mail WHERE id = ?", {id})[0].text(0));
  });
}

std::string summary(const notifications::MailFacts& facts) {
  std::string text = std::string(to_string(facts.kind)) + " " + facts.to_name;
  if (facts.method)
    text += " " + std::string(calendar::to_string(*facts.method)) + " " +
            std::to_string(facts.event->sequence);
  return text;
}

std::string state_of(RegistrationWorld& world, domain::OutgoingMailId id) {
  return world.pool().read([&](storage::Connection& connection) {
    return connection
        .query(
            "SELECT CONCAT(state, ' ', facts = '', ' ', raw IS NULL) FROM outgoing_mail "
            "WHERE id = ?",
            {id})[0]
        .text(0);
  });
}

Names kinds_of(RegistrationWorld& world, const Actor& actor,
               const usecases::MailQueueFilter& filter) {
  const auto queue = list_mail_queue(world.environment(), actor, filter, {});
  if (!queue) return {describe(queue)};
  Names kinds;
  for (const auto& mail : queue->mails.items) kinds.push_back(mail.kind + " " + mail.to_address);
  return kinds;
}

void send_link(RegistrationWorld& world) {
  world.pool().transact([&](storage::Connection& connection) {
    usecases::AccountMail mail;
    mail.to_address = "szef@urzad.example";
    mail.facts.url = "https://narada.example/wejscie/tajemnica";
    return send_account_mail(connection, world.environment(), mail).value;
  });
}

}  // namespace

TEST_CASE("the outbox is listed by state, meeting and recipient, within reach") {
  RegistrationWorld world;
  const auto hosted = world.publish(1);
  auto elsewhere = world.meeting_form();
  elsewhere.title = "Gdzie indziej";
  elsewhere.places = {{"Dom kultury", "", "", "1020102", {}}};
  const auto other = world.publish(elsewhere);
  world.enter(hosted.id, 1);
  fail(world, last_mail(world));
  world.enter(hosted.id, 2);
  world.enter(other.id, 3);
  send_link(world);
  const Actor everywhere = person_with({{Role::organizer, {}}});
  const Actor host = person_with({{Role::organizer, domain::InstitutionId{1}}});
  const Names all{"registration_confirmed osoba3@urzad.example",
                  "registration_waitlisted osoba2@urzad.example",
                  "registration_confirmed osoba1@urzad.example"};
  CHECK(kinds_of(world, everywhere, {}) == all);
  CHECK(kinds_of(world, host, {}) == Names{all[1], all[2]});
  CHECK(kinds_of(world, person_with({{Role::admin, {}}}), {}).front() ==
        "sign_in_link szef@urzad.example");
  CHECK(kinds_of(world, everywhere, {MailState::failed, "", ""}) == Names{all[2]});
  CHECK(kinds_of(world, everywhere, {{}, "indziej", ""}) == Names{all[0]});
  CHECK(kinds_of(world, everywhere, {{}, hosted.slug, ""}) == Names{all[1], all[2]});
  CHECK(kinds_of(world, everywhere, {{}, "", "osoba2"}) == Names{all[1]});
  CHECK(kinds_of(world, everywhere, {{}, "", "osoba_"}).empty());
  for (const auto& actor : {person_with({{Role::expert, hosted.id}}), person_with({}), Actor{},
                            person_with({{Role::coordinator, domain::InstitutionId{1}}})})
    CHECK(kinds_of(world, actor, {}) == Names{"forbidden"});

  const auto queue = list_mail_queue(world.environment(), host, {MailState::failed, "", ""}, {});
  REQUIRE(queue);
  CHECK(queue->counts ==
        std::map<MailState, std::int64_t>{{MailState::queued, 1}, {MailState::failed, 1}});
}

TEST_CASE("pages of the outbox hold every mail once") {
  RegistrationWorld world;
  const auto meeting = world.publish(100);
  for (int number = 1; number <= 7; ++number) world.enter(meeting.id, number);
  std::vector<std::int64_t> seen;
  usecases::PageRequest request{3, {}};
  do {
    const auto queue = list_mail_queue(world.environment(), world.organizer().actor, {}, request);
    REQUIRE(queue);
    for (const auto& mail : queue->mails.items) seen.push_back(mail.id.value);
    request.cursor = queue->mails.next;
    world.enter(meeting.id, 50 + static_cast<int>(seen.size()));
  } while (request.cursor);
  CHECK(seen == std::vector<std::int64_t>{7, 6, 5, 4, 3, 2, 1});
}

TEST_CASE("a mail is read as sent, without its link; one about an account by nobody") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  const auto failed = last_mail(world);
  fail(world, failed);
  const auto view = find_queued_mail(world.environment(), world.organizer().actor, failed);
  REQUIRE(view);
  CHECK(view->text == "Twój link: https://narada.example/z/***\n");
  CHECK(view->mail.last_reply == "550 no such user");
  CHECK(view->may_repeat);
  CHECK_FALSE(view->may_stop);
  send_link(world);
  const auto account = last_mail(world);
  CHECK(describe(find_queued_mail(world.environment(), world.organizer().actor, account)) ==
        "not_found");
  const auto admin = person_with({{Role::admin, {}}});
  world.pool().transact([&](storage::Connection& connection) {
    return connection.execute(
        "UPDATE outgoing_mail SET raw = 'Subject: x\r\n\r\n/wejscie/x' "
        "WHERE id = ?",
        {account});
  });
  const auto about_account = find_queued_mail(world.environment(), admin, account);
  REQUIRE(about_account);
  CHECK(about_account->is_about_account);
  CHECK(about_account->text.empty());
  CHECK_FALSE(about_account->may_repeat);
  CHECK_FALSE(about_account->may_stop);
  CHECK(describe(repeat_mail(world.environment(), call_of(admin), account)) ==
        "conflict:mail_not_repeatable");
  CHECK(describe(stop_mail(world.environment(), call_of(admin), account)) ==
        "conflict:mail_not_stoppable");
  CHECK(describe(repeat_mail(world.environment(), world.organizer(), account)) == "not_found");
}

TEST_CASE("another try says what is true now, with a link that works") {
  RegistrationWorld world;
  const auto meeting = world.publish(1);
  const auto first = world.enter(meeting.id, 1).registration.id;
  const auto failed = last_mail(world);
  fail(world, failed);
  const auto second = world.enter(meeting.id, 2).registration.id;
  const auto waiting = last_mail(world);
  fail(world, waiting, "bounced");
  world.cancel(first);  // and the second has the place
  const auto before = last_mail(world);
  const auto cancelled = repeat_mail(world.environment(), world.organizer(), failed);
  const auto confirmed = repeat_mail(world.environment(), world.organizer(), waiting);
  REQUIRE(cancelled);
  REQUIRE(confirmed);
  CHECK(cancelled->value > before.value);
  CHECK(summary(facts_of(world, *cancelled)) == "registration_cancelled Osoba 1 CANCEL 1");
  CHECK(summary(facts_of(world, *confirmed)) == "registration_confirmed Osoba 2 REQUEST 0");
  CHECK(world.count("invitation") == 5);
  const auto url = facts_of(world, *confirmed).manage_url;
  const auto opened =
      find_registration_by_token(world.environment(), url.substr(url.rfind('/') + 1));
  REQUIRE(opened);
  CHECK(opened->registration.id == second);
  const auto old = find_queued_mail(world.environment(), world.organizer().actor, failed);
  REQUIRE(old);
  CHECK(old->mail.repeated_as == *cancelled);
  CHECK_FALSE(old->may_repeat);
  CHECK(describe(repeat_mail(world.environment(), world.organizer(), failed)) ==
        "conflict:mail_repeated");
  CHECK(describe(repeat_mail(world.environment(), world.organizer(), *cancelled)) ==
        "conflict:mail_not_ended");
  const auto activities = world.activities();
  CHECK(std::count(activities.begin(), activities.end(),
                   "mail.repeated mail:" + std::to_string(failed.value) + " token:1") == 1);
}

TEST_CASE("what another try says follows the registration and the meeting") {
  struct Row {
    const char* name;
    bool approval;
    int capacity;
    int people;  // the last one's mail has failed
    void (*change)(RegistrationWorld&, domain::MeetingId, domain::RegistrationId);
    std::string summary;
  };
  const auto nothing = [](RegistrationWorld&, domain::MeetingId, domain::RegistrationId) {};
  const std::vector<Row> rows = {
      {"pending", true, 5, 1, nothing, "registration_pending Osoba 1"},
      {"declined", true, 5, 1,
       [](RegistrationWorld& world, domain::MeetingId, domain::RegistrationId id) {
         REQUIRE(decline_registration(world.environment(), world.organizer(), id, "Brak miejsc"));
       },
       "registration_declined Osoba 1"},
      {"waiting", false, 1, 2, nothing, "registration_waitlisted Osoba 2"},
      {"withdrawn from the line, never invited", false, 1, 2,
       [](RegistrationWorld& world, domain::MeetingId, domain::RegistrationId id) {
         world.cancel(id);
       },
       "registration_cancelled Osoba 2"},
      {"meeting cancelled", false, 5, 1,
       [](RegistrationWorld& world, domain::MeetingId meeting, domain::RegistrationId) {
         REQUIRE(cancel_meeting(world.environment(), world.organizer(), meeting, "Powódź"));
       },
       "meeting_cancelled Osoba 1 CANCEL 1"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    RegistrationWorld world;
    auto form = world.meeting_form(row.capacity);
    form.approval = row.approval;
    const auto meeting = world.publish(form);
    domain::RegistrationId id;
    for (int number = 1; number <= row.people; ++number)
      id = world.enter(meeting.id, number).registration.id;
    const auto failed = last_mail(world);
    fail(world, failed);
    row.change(world, meeting.id, id);
    const auto repeated = repeat_mail(world.environment(), world.organizer(), failed);
    REQUIRE_MESSAGE(repeated, describe(repeated));
    CHECK(summary(facts_of(world, *repeated)) == row.summary);
  }
}

TEST_CASE("news of a meeting goes out once more as it was") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  const auto id = last_mail(world);
  fail(world, id, "failed", "https://narada.example/spotkania/a");
  world.pool().transact([&](storage::Connection& connection) {
    return connection.execute(
        "UPDATE outgoing_mail SET kind = 'meeting_announced', registration_id = NULL, "
        "give_up_at = '2027-01-01' WHERE id = ?",
        {id});
  });
  CHECK(repeat_mail(world.environment(), world.organizer(), id).ok());
  CHECK(last_mail(world) == id);
  CHECK(state_of(world, id) == "awaiting_retry 1 0");
  fail(world, id, "failed", "https://narada.example/spotkania/a");
  REQUIRE(cancel_meeting(world.environment(), world.organizer(), meeting.id, "Powódź"));
  CHECK(describe(repeat_mail(world.environment(), world.organizer(), id)) ==
        "conflict:meeting_past");
}

TEST_CASE("what another try cannot say again is not tried") {
  struct Row {
    const char* change;
    const char* answer;
  };
  const std::vector<Row> rows = {
      {"state = 'failed'", "ok"},
      {"kind = 'reminder'", "conflict:mail_not_repeatable"},
      {"kind = 'organizer_message'", "conflict:mail_not_repeatable"},
      {"kind = 'consent_asked'", "conflict:mail_not_repeatable"},
      {"state = 'aborted', stop_reason = 'unwanted'", "conflict:mail_not_repeatable"},
      {"state = 'aborted', stop_reason = 'overtaken'", "conflict:mail_not_repeatable"},
      // The link of what is kept opens nothing.
      {"kind = 'meeting_announced', registration_id = NULL", "conflict:mail_not_repeatable"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.change);
    RegistrationWorld world;
    const auto meeting = world.publish();
    world.enter(meeting.id, 1);
    const auto id = last_mail(world);
    fail(world, id);
    world.pool().transact([&](storage::Connection& connection) {
      return connection.execute(
          "UPDATE outgoing_mail SET " + std::string(row.change) + " WHERE id = ?", {id});
    });
    CHECK(describe(repeat_mail(world.environment(), world.organizer(), id)) == row.answer);
  }
}

TEST_CASE("nothing is sent again after the meeting") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  const auto id = last_mail(world);
  fail(world, id);
  world.clock().set(meeting.times.ends_at);
  CHECK(describe(repeat_mail(world.environment(), world.organizer(), id)) ==
        "conflict:meeting_past");
}

TEST_CASE("a mail that waits can be stopped, and then sent after all") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  const auto id = last_mail(world);
  CHECK(state_of(world, id) == "queued 0 1");
  REQUIRE(stop_mail(world.environment(), world.organizer(), id));
  CHECK(state_of(world, id) == "aborted 1 1");
  CHECK(stop_mail(world.environment(), world.organizer(), id).ok());
  CHECK(world.activities().back() == "mail.stopped mail:1 token:1");
  const auto repeated = repeat_mail(world.environment(), world.organizer(), id);
  REQUIRE(repeated);
  CHECK(summary(facts_of(world, *repeated)) == "registration_confirmed Osoba 1 REQUEST 0");
}

TEST_CASE("what a worker has, or what has ended, cannot be stopped") {
  for (const auto& [state, answer] :
       std::vector<std::pair<std::string, std::string>>{{"inflight", "conflict:mail_on_its_way"},
                                                        {"sent", "conflict:mail_ended"},
                                                        {"failed", "conflict:mail_ended"},
                                                        {"bounced", "conflict:mail_ended"},
                                                        {"awaiting_retry", "ok"}}) {
    CAPTURE(state);
    RegistrationWorld world;
    const auto meeting = world.publish();
    world.enter(meeting.id, 1);
    fail(world, last_mail(world), state);
    CHECK(describe(stop_mail(world.environment(), world.organizer(), last_mail(world))) == answer);
  }
}

TEST_CASE("a stopped mail of somebody erased keeps nothing of them") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  const auto id = last_mail(world);
  world.pool().transact([&](storage::Connection& connection) {
    return connection.execute(
        "UPDATE person SET erased_at = '2027-01-04' WHERE email LIKE 'osoba1@%'");
  });
  REQUIRE(stop_mail(world.environment(), world.organizer(), id));
  const auto view = find_queued_mail(world.environment(), world.organizer().actor, id);
  REQUIRE(view);
  CHECK(view->mail.to_address.empty());
  CHECK(view->mail.to_name.empty());
  CHECK_FALSE(view->may_repeat);
  CHECK(describe(repeat_mail(world.environment(), world.organizer(), id)) ==
        "conflict:address_erased");
}

TEST_CASE("only who organizes the meeting does anything to its mails") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  const auto id = last_mail(world);
  for (const auto& actor : {person_with({{Role::expert, meeting.id}}), person_with({}), Actor{},
                            person_with({{Role::coordinator, domain::InstitutionId{1}}}),
                            person_with({{Role::organizer, domain::InstitutionId{2}}})}) {
    CHECK(describe(stop_mail(world.environment(), call_of(actor), id)) == "not_found");
    CHECK(describe(repeat_mail(world.environment(), call_of(actor), id)) == "not_found");
    CHECK(describe(find_queued_mail(world.environment(), actor, id)) == "not_found");
  }
  Actor reading = person_with({{Role::organizer, {}}});
  reading.read_only = true;
  CHECK(find_queued_mail(world.environment(), reading, id).ok());
  CHECK(describe(stop_mail(world.environment(), call_of(reading), id)) == "forbidden");
}

TEST_CASE("the outbox is measured by state and by what is due longest") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  CHECK(usecases::measure_mails(world.environment()).oldest_due_seconds == 0);
  world.enter(meeting.id, 1);
  world.clock().advance(std::chrono::seconds(90));
  world.enter(meeting.id, 2);
  world.enter(meeting.id, 3);
  fail(world, last_mail(world));
  const auto gauges = usecases::measure_mails(world.environment());
  CHECK(gauges.by_state ==
        std::map<MailState, std::int64_t>{{MailState::queued, 2}, {MailState::failed, 1}});
  CHECK(gauges.oldest_due_seconds == 90);
}
