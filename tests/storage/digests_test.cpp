// Summaries of the day on a real database: to whom, when, what is new, and once.
#include "service/usecases/reminders/digests.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "calendar/zone.h"
#include "service/usecases/people/profile.h"
#include "service/usecases/registrations/registrations.h"
#include "sql/mail_choice_store.h"
#include "sql/role_store.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using notifications::MailKind;

namespace {

domain::Instant at(const char* text) { return *calendar::parse_rfc3339(text); }

class DigestWorld : public RegistrationWorld {
 public:
  explicit DigestWorld(storage::PoolOptions options = {}) : RegistrationWorld(options) {}

  int send(const char* now) {
    clock().set(at(now));
    return usecases::send_due_digests(environment(), {});
  }
  void grant(domain::PersonId person, domain::Role role, domain::RoleScope scope = {}) {
    pool().transact([&](storage::Connection& connection) {
      storage::save_grant(connection, person, {role, scope}, "test", clock().now());
      return true;
    });
  }
  void choose(domain::PersonId person, const char* kind, bool wanted) {
    pool().transact([&](storage::Connection& connection) {
      connection.execute(
          "REPLACE INTO notification_choice (person_id, kind, wanted, changed_at) VALUES (?, ?, ?, "
          "?)",
          {person, kind, wanted, clock().now()});
      return true;
    });
  }
  std::vector<notifications::MailFacts> digests() {
    std::vector<notifications::MailFacts> found;
    for (auto& one : facts())
      if (one.kind == MailKind::digest) found.push_back(std::move(one));
    return found;
  }
};

// A person who organizes everything, and a meeting on 19 January where somebody awaits a decision.
struct Waiting {
  domain::Meeting meeting;
  domain::PersonId organizer;
};
Waiting pending_registration(DigestWorld& world) {
  auto form = world.meeting_form();
  form.approval = true;
  Waiting waiting{world.publish(form), {}};
  waiting.organizer = world.enter(world.publish().id, 9).registration.person.id;
  world.grant(waiting.organizer, domain::Role::organizer);
  world.enter(waiting.meeting.id, 1);
  return waiting;
}

}  // namespace

TEST_CASE("an organizer is told from half past seven on what is new, once a day") {
  DigestWorld world;
  const auto waiting = pending_registration(world);
  CHECK(world.send("2027-01-06T07:29:59+01:00") == 0);
  CHECK(world.send("2027-01-06T07:30:00+01:00") == 1);
  CHECK(world.send("2027-01-06T12:00:00+01:00") == 0);
  const auto told = world.digests();
  REQUIRE(told.size() == 1);
  CHECK(told[0].to_address == "osoba9@urzad.example");
  REQUIRE(told[0].ask.has_value());
  CHECK(told[0].ask->text.find("Zgłoszenia czekają na decyzję (1): ") == 0);
  CHECK(told[0].ask->url == "https://narada.example/panel");
  CHECK(told[0].unsubscribe_url.find("https://narada.example/wypisz/") == 0);
  // Nothing new, and then something.
  CHECK(world.send("2027-01-07T08:00:00+01:00") == 0);
  world.enter(waiting.meeting.id, 2);
  CHECK(world.send("2027-01-08T08:00:00+01:00") == 1);
  CHECK(world.digests().back().ask->text.find("Zgłoszenia czekają na decyzję (2): ") == 0);
}

TEST_CASE("a weekly summary comes once a week, and none to who wants none") {
  DigestWorld world;
  const auto waiting = pending_registration(world);
  world.choose(waiting.organizer, "digest.weekly", true);
  CHECK(world.send("2027-01-05T08:00:00+01:00") == 1);  // Tuesday: of the week
  world.enter(waiting.meeting.id, 2);
  CHECK(world.send("2027-01-08T08:00:00+01:00") == 0);
  CHECK(world.send("2027-01-11T08:00:00+01:00") == 1);  // Monday
  world.enter(waiting.meeting.id, 3);
  world.choose(waiting.organizer, "digest", false);
  CHECK(world.send("2027-01-18T08:00:00+01:00") == 0);
}

TEST_CASE("a coordinator hears of their own office alone") {
  DigestWorld world;
  const auto meeting = world.publish();
  const auto office = world.enter(meeting.id, 1).registration.person.institution;
  REQUIRE(office.has_value());
  auto other = RegistrationWorld::person(2);
  other.institution = "1020031";
  const auto stranger = world.try_register(meeting.id, other);
  REQUIRE_MESSAGE(stranger.ok(), describe(stranger));
  world.grant(stranger->registration.person.id, domain::Role::coordinator, office->id);
  CHECK(world.send("2027-01-05T07:30:00+01:00") == 1);
  const auto told = world.digests();
  REQUIRE(told.size() == 1);
  const auto& text = told[0].ask->text;
  CHECK(text.find("Osoba z Twojego urzędu: ma miejsce, ") == 0);
  CHECK(text.find("Osoba 1") == std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  CHECK(text.find(" – 2") == std::string::npos);
  CHECK(told[0].ask->url == "https://narada.example/delegacja");
  CHECK(world.send("2027-01-06T07:30:00+01:00") == 0);
}

TEST_CASE("processes at once write each summary once") {
  storage::PoolOptions options;
  options.size = 8;
  DigestWorld world(options);
  const auto waiting = pending_registration(world);
  for (int number = 20; number < 60; ++number) {
    world.grant(world.enter(waiting.meeting.id, number).registration.person.id,
                domain::Role::organizer);
  }
  world.clock().set(at("2027-01-05T07:30:00+01:00"));
  std::atomic<int> written = 0;
  {
    std::vector<std::jthread> workers;
    for (int number = 0; number < 4; ++number) {
      workers.emplace_back([&] { written += usecases::send_due_digests(world.environment(), {}); });
    }
  }
  CHECK(written == 41);
  CHECK(world.digests().size() == 41);
}

TEST_CASE("new meetings of somebody's topics come at once, in one summary a day, or not") {
  DigestWorld world;
  const auto known = world.publish();
  std::vector<domain::PersonId> people;
  for (int number = 1; number <= 3; ++number) {
    people.push_back(world.enter(known.id, number).registration.person.id);
  }
  world.pool().transact([&](storage::Connection& connection) {
    for (const auto person : people) {
      connection.execute(
          "INSERT INTO topic_subscription (topic_id, person_id, created_at) SELECT t.id, ?, ? FROM "
          "topic t WHERE t.slug = 'mobilnosc'",
          {person, world.clock().now()});
    }
    return true;
  });
  world.choose(people[1], "meeting_announced.daily", true);
  world.choose(people[2], "meeting_announced", false);
  const auto before = world.facts().size();
  world.publish();
  world.publish();
  std::vector<std::string> at_once;
  const auto all = world.facts();
  for (auto index = before; index < all.size(); ++index) {
    CHECK(all[index].kind == MailKind::meeting_announced);
    at_once.push_back(all[index].to_address);
  }
  CHECK(at_once == std::vector<std::string>{"osoba1@urzad.example", "osoba1@urzad.example"});
  CHECK(world.count("announcement_waiting") == 2);
  CHECK(world.send("2027-01-05T07:30:00+01:00") == 1);
  const auto summary = world.digests().back();
  CHECK(summary.to_address == "osoba2@urzad.example");
  CHECK(summary.subject == "Nowe spotkania w Twoich tematach");
  CHECK(std::count(summary.ask->text.begin(), summary.ask->text.end(), '\n') == 2);
  CHECK(world.count("announcement_waiting") == 0);
  CHECK(world.send("2027-01-06T07:30:00+01:00") == 0);
}

TEST_CASE("what can still be taken back, or was announced since the morning, waits for tomorrow") {
  struct Row {
    const char* now;
    int hold_seconds;
    int mails;
    int still_waiting;
  };
  // Announced at 7:00 and at 7:35 on 5 January.
  for (const Row row :
       {Row{"2027-01-05T07:30:00+01:00", 3600, 0, 2}, Row{"2027-01-05T07:40:00+01:00", 0, 1, 1},
        Row{"2027-01-06T07:30:00+01:00", 3600, 1, 0}}) {
    CAPTURE(row.now);
    DigestWorld world;
    const auto early = world.publish();
    const auto late = world.publish();
    const auto person = world.enter(world.publish().id, 1).registration.person.id;
    world.pool().transact([&](storage::Connection& connection) {
      storage::save_waiting_announcements(connection, {person}, early.id,
                                          at("2027-01-05T07:00:00+01:00"));
      storage::save_waiting_announcements(connection, {person}, late.id,
                                          at("2027-01-05T07:35:00+01:00"));
      return true;
    });
    world.environment().hold_seconds = row.hold_seconds;
    CHECK(world.send(row.now) == row.mails);
    CHECK(world.count("announcement_waiting") == row.still_waiting);
  }
}
