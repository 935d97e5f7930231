// Reminders on a real database: to whom, once, whatever happens in between.
#include "service/usecases/reminders/reminders.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

#include "calendar/zone.h"
#include "notifications/transport.h"
#include "service/usecases/mails/mails.h"
#include "service/usecases/mails/unsubscribing.h"
#include "service/usecases/meetings/change_undoing.h"
#include "service/usecases/meetings/meetings.h"
#include "sql/mail_choice_store.h"
#include "tests/storage/mail_composer.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using notifications::MailKind;

namespace {

// A world that reminds a week, a day and two hours before.
class ReminderWorld : public RegistrationWorld {
 public:
  explicit ReminderWorld(storage::PoolOptions options = {}) : RegistrationWorld(options) {
    environment().reminders = *domain::parse_reminders("7d,1d,2h");
  }
  int remind() { return usecases::remind_due(environment(), {}); }
  int remind_at(domain::Instant now) {
    clock().set(now);
    return remind();
  }
  // Everything that is due leaves; how many of it, and how many are held back for good.
  usecases::DeliveryReport deliver() {
    class Open final : public notifications::MailTransport {
     public:
      notifications::DeliveryResult deliver(const notifications::Envelope&,
                                            std::string_view) override {
        return {};
      }
      std::string description() const override { return "open"; }
    } transport;
    return usecases::deliver_mails(environment(), mail_composer(), transport, "test");
  }
  // The way in, of each reminder that has not left.
  std::vector<std::string> waiting_links() {
    return pool().read([](storage::Connection& connection) {
      std::vector<std::string> links;
      for (const auto row : connection.query(
               "SELECT facts FROM outgoing_mail WHERE kind = 'reminder' AND state = 'queued' ORDER "
               "BY id"))
        links.push_back(notifications::parse_mail_facts(row.text(0)).online_url);
      return links;
    });
  }
  // "osoba7@urzad.example 2027-01-19T10:00" of each reminder in the outbox.
  std::vector<std::string> reminded() {
    std::vector<std::string> lines;
    for (const auto& one : facts()) {
      if (one.kind != MailKind::reminder) continue;
      lines.push_back(
          one.to_address.substr(0, one.to_address.find('@')) + " " +
          calendar::format_rfc3339(domain::Instant(one.starts.time_since_epoch()), "UTC")
              .substr(5, 11));
    }
    return lines;
  }
};

using Lines = std::vector<std::string>;

void want(ReminderWorld& world, domain::PersonId person, const std::string& choice) {
  world.pool().transact([&](storage::Connection& connection) {
    storage::save_unwanted(connection, person, choice, world.clock().now());
    return true;
  });
}

}  // namespace

TEST_CASE("everybody confirmed is reminded once at each time") {
  ReminderWorld world;
  const auto meeting = world.publish(2);
  for (int number = 1; number <= 3; ++number) world.enter(meeting.id, number);  // 3 waits
  const auto starts = meeting.times.starts_at;
  CHECK(world.remind_at(starts - 7 * 24h - 1s) == 0);
  CHECK(world.remind_at(starts - 7 * 24h) == 2);
  CHECK(world.reminded() == Lines{"osoba1 01-19T10:00", "osoba2 01-19T10:00"});
  CHECK(world.remind() == 0);
  CHECK(world.remind_at(starts - 24h) == 2);
  CHECK(world.remind_at(starts - 23h) == 0);
  CHECK(world.remind_at(starts - 2h) == 2);
  CHECK(world.remind_at(starts) == 0);
  CHECK(world.reminded().size() == 6);
  CHECK(world.find_violations().empty());
}

TEST_CASE("after an interruption only the nearest reminder goes, and none once it has begun") {
  ReminderWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  CHECK(world.remind_at(meeting.times.starts_at - 1h) == 1);
  CHECK(world.remind_at(meeting.times.starts_at - 1min) == 0);
  const auto second = world.publish();
  world.clock().set(second.times.starts_at - 30 * 24h);
  world.enter(second.id, 2);
  CHECK(world.remind_at(second.times.starts_at) == 0);
}

TEST_CASE("who registers after the time of a reminder, or just before it, is not reminded") {
  ReminderWorld world;
  const auto meeting = world.publish();
  const auto due = meeting.times.starts_at - 24h;
  world.clock().set(due - 31min);
  world.enter(meeting.id, 1);
  world.clock().set(due - 29min);
  world.enter(meeting.id, 2);
  CHECK(world.remind_at(due) == 1);
  world.clock().set(due + 1h);
  world.enter(meeting.id, 3);
  CHECK(world.remind_at(due + 2h) == 0);
  CHECK(world.reminded() == Lines{"osoba1 01-19T10:00"});
  CHECK(world.remind_at(meeting.times.starts_at - 2h) == 3);
}

TEST_CASE("nobody is reminded of a meeting that is cancelled, moved away or has lost its day") {
  ReminderWorld world;
  const auto cancelled = world.publish();
  world.enter(cancelled.id, 1);
  REQUIRE(usecases::cancel_meeting(world.environment(), world.organizer(), cancelled.id,
                                   "Choroba prowadzącej")
              .ok());
  auto form = world.meeting_form();
  form.title = "Bez dnia";
  const auto undated = world.publish(form);
  world.enter(undated.id, 1);
  form.precision = domain::TimePrecision::month;
  form.starts = *calendar::parse_wall_time("2027-01-01T00:00");
  form.ends = *calendar::parse_wall_time("2027-02-01T00:00");
  const auto changed = world.change(undated.id, form);
  REQUIRE_MESSAGE(changed.ok(), describe(changed));
  for (const auto before : {7 * 24h, 24h, 2h}) {
    CHECK(world.remind_at(cancelled.times.starts_at - before) == 0);
  }
}

TEST_CASE("a meeting that is moved reminds of its new time, and not at once") {
  ReminderWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  CHECK(world.remind_at(meeting.times.starts_at - 7 * 24h) == 1);
  CHECK(world.remind_at(meeting.times.starts_at - 24h) == 1);
  // Two days later than planned: a week and a day before that are over, or said already.
  auto form = world.meeting_form();
  form.starts += 48h;
  form.ends += 48h;
  REQUIRE(world.change(meeting.id, form).ok());
  CHECK(world.remind() == 0);
  const auto moved = world.meeting(meeting.id);
  CHECK(world.remind_at(moved.times.starts_at - 24h) == 1);
  CHECK(world.remind_at(moved.times.starts_at - 2h) == 1);
  CHECK(world.reminded() == Lines{"osoba1 01-19T10:00", "osoba1 01-19T10:00", "osoba1 01-21T10:00",
                                  "osoba1 01-21T10:00"});
}

TEST_CASE("another title changes no reminder") {
  ReminderWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  world.clock().set(meeting.times.starts_at - 24h + 1min);
  auto form = world.meeting_form();
  form.title = "Inny tytuł";
  REQUIRE(world.change(meeting.id, form).ok());
  CHECK(world.remind() == 1);
}

TEST_CASE("two processes at once remind each of many people once") {
  storage::PoolOptions options;
  options.size = 8;
  ReminderWorld world(options);
  const auto meeting = world.publish(250);
  for (int number = 1; number <= 230; ++number) world.enter(meeting.id, number);
  world.clock().set(meeting.times.starts_at - 24h);
  std::atomic<int> written = 0;
  {
    std::vector<std::jthread> workers;
    for (int number = 0; number < 4; ++number) {
      workers.emplace_back([&] { written += usecases::remind_due(world.environment(), {}); });
    }
  }
  CHECK(written == 230);
  auto lines = world.reminded();
  CHECK(lines.size() == 230);
  std::sort(lines.begin(), lines.end());
  CHECK(std::adjacent_find(lines.begin(), lines.end()) == lines.end());
  CHECK(world.count("reminder_sent") == 230);
  CHECK(world.count("reminder_round") == 1);
}

TEST_CASE("a reminder that a cancellation has stopped goes after all when that is undone") {
  ReminderWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  world.enter(meeting.id, 2);
  world.clock().set(meeting.times.starts_at - 24h);
  world.deliver();
  REQUIRE(world.remind() == 2);
  world.environment().hold_seconds = 300;
  const auto cancelled =
      cancel_meeting(world.environment(), world.organizer(), meeting.id, "Choroba prowadzącej");
  REQUIRE_MESSAGE(cancelled.ok(), describe(cancelled));
  auto report = world.deliver();
  CHECK(report.sent == 0);
  CHECK(report.aborted == 2);
  CHECK(world.remind() == 0);
  const auto changes = *list_held_changes(world.environment(), world.organizer().actor, meeting.id);
  const auto undone =
      undo_change(world.environment(), world.organizer(), meeting.id, changes.front().id);
  REQUIRE_MESSAGE(undone.ok(), describe(undone));

  CHECK(world.remind() == 2);
  report = world.deliver();
  CHECK(report.sent == 2);
  CHECK(report.aborted == 0);
  CHECK(world.remind() == 0);
}

TEST_CASE("a reminder that waits never tells of a place or a link that has changed") {
  ReminderWorld world;
  auto form = world.meeting_form();
  form.online = {true, 10};
  form.online_url = "https://spotkania.example/stary";
  const auto meeting = world.publish(form);
  auto person = RegistrationWorld::person(1);
  person.mode = domain::AttendanceMode::online;
  REQUIRE(world.try_register(meeting.id, person).ok());
  person = RegistrationWorld::person(2);
  person.mode = domain::AttendanceMode::onsite;
  const auto mover = world.try_register(meeting.id, person)->registration.id;
  world.clock().set(meeting.times.starts_at - 2h);
  world.deliver();
  REQUIRE(world.remind() == 2);
  form.online_url = "https://spotkania.example/nowy";
  REQUIRE(world.change(meeting.id, form).ok());
  world.deliver();
  CHECK(world.remind() == 2);
  CHECK(world.waiting_links() == Lines{"https://spotkania.example/nowy", ""});
  // One of them comes in another way, and hears of it.
  usecases::RegistrationChange change;
  change.mode = domain::AttendanceMode::online;
  REQUIRE(change_registration(world.environment(), world.holder(mover), mover, std::nullopt, change)
              .ok());
  const auto report = world.deliver();
  CHECK(report.aborted == 1);
  CHECK(report.sent == 2);
  CHECK(world.remind() == 0);
}

TEST_CASE("a reminder that may have arrived is not written again") {
  const std::vector<std::pair<const char*, int>> attempts{
      {"last_attempt_at = NULL", 1},
      {"last_attempt_at = created_at, attempts = 1, last_code = 451, last_reply = '451 later'", 1},
      {"last_attempt_at = created_at, attempts = 0, last_reply = 'no server'", 1},
      {"last_attempt_at = created_at, attempts = 1, last_reply = 'no answer'", 0},
      {"last_attempt_at = created_at, attempts = 0", 0}};  // the process was killed
  for (const auto& [attempt, written] : attempts) {
    CAPTURE(attempt);
    ReminderWorld world;
    const auto meeting = world.publish();
    world.enter(meeting.id, 1);
    world.clock().set(meeting.times.starts_at - 24h);
    world.deliver();
    REQUIRE(world.remind() == 1);
    auto form = world.meeting_form();
    form.title = "Inny tytuł";
    REQUIRE(world.change(meeting.id, form).ok());
    world.pool().transact([&](storage::Connection& connection) {
      return connection.execute("UPDATE outgoing_mail SET " + std::string(attempt) +
                                " WHERE kind = 'reminder'");
    });
    CHECK(world.deliver().aborted == 1);
    CHECK(world.remind() == written);
  }
}

TEST_CASE("who has switched reminders off gets none, or only the others") {
  ReminderWorld world;
  const auto meeting = world.publish();
  const auto none = world.enter(meeting.id, 1).registration.person.id;
  const auto some = world.enter(meeting.id, 2).registration.person.id;
  want(world, none, "reminder");
  want(world, some, "reminder.7d");
  CHECK(world.remind_at(meeting.times.starts_at - 7 * 24h) == 0);
  CHECK(world.count("reminder_sent") == 2);  // decided: not asked again
  CHECK(world.remind_at(meeting.times.starts_at - 24h) == 1);
  CHECK(world.reminded() == Lines{"osoba2 01-19T10:00"});
}

TEST_CASE("a reminder carries one way out that stops reminders, and the way in when it is near") {
  ReminderWorld world;
  auto form = world.meeting_form();
  form.onsite = {};
  form.online.offered = true;
  form.online_url = "https://spotkania.example/pokoj";
  const auto meeting = world.publish(form);
  auto person = RegistrationWorld::person(1);
  person.mode = domain::AttendanceMode::online;
  const auto entered = world.try_register(meeting.id, person);
  REQUIRE_MESSAGE(entered.ok(), describe(entered));
  for (const auto before : {7 * 24h, 24h}) world.remind_at(meeting.times.starts_at - before);
  std::vector<notifications::MailFacts> reminders;
  for (const auto& one : world.facts()) {
    if (one.kind == MailKind::reminder) reminders.push_back(one);
  }
  REQUIRE(reminders.size() == 2);
  CHECK(reminders[0].online_url.empty());
  CHECK(reminders[1].online_url == "https://spotkania.example/pokoj");
  CHECK_FALSE(reminders[1].event.has_value());
  const auto& url = reminders[1].unsubscribe_url;
  CHECK(url == reminders[0].unsubscribe_url);
  const auto token = url.substr(url.rfind('/') + 1);
  CHECK(token.size() == 43);

  const auto found = usecases::find_unsubscription(world.environment(), token);
  REQUIRE(found.ok());
  CHECK(found->kind == MailKind::reminder);
  CHECK_FALSE(found->is_done);
  for (int twice = 0; twice < 2; ++twice) {
    const auto done = usecases::unsubscribe(world.environment(), world.visitor(), token);
    REQUIRE(done.ok());
    CHECK(done->is_done);
  }
  CHECK(world.remind_at(meeting.times.starts_at - 2h) == 0);
  const auto log = world.activities();
  CHECK(std::count(log.begin(), log.end(), "person.unsubscribed person:1 anonymous") == 1);
  for (const std::size_t place : {0U, 7U, 11U, 20U, 41U}) {
    auto forged = token;
    forged[place] = forged[place] == 'A' ? 'B' : 'A';
    CAPTURE(place);
    CHECK(describe(usecases::unsubscribe(world.environment(), world.visitor(), forged)) ==
          "not_found");
  }
  CHECK(describe(usecases::unsubscribe(world.environment(), world.visitor(), "")) == "not_found");
}

TEST_CASE("a meeting has its own reminders, none, or those of the installation again") {
  ReminderWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  const auto set = [&](std::int64_t version, const char* reminders) {
    usecases::OwnReminders own;
    if (reminders != nullptr) own = *domain::parse_reminders(reminders);
    return describe(usecases::set_meeting_reminders(world.environment(), world.organizer(),
                                                    meeting.id, version, own));
  };
  const auto found = [&] {
    return *usecases::find_meeting_reminders(world.environment(), world.organizer().actor,
                                             meeting.id);
  };
  CHECK(found().offsets == "7d,1d,2h");
  CHECK_FALSE(found().own);
  CHECK(set(0, "3d,5h") == "ok");
  CHECK(found().offsets == "3d,5h");
  CHECK(set(0, "off") == "stale");
  CHECK(world.remind_at(meeting.times.starts_at - 7 * 24h) == 0);
  CHECK(world.remind_at(meeting.times.starts_at - 72h) == 1);
  CHECK(found().reminders.front().written == 1);
  CHECK(found().reminders.front().state == usecases::PlannedReminder::State::gone);
  CHECK(set(1, "off") == "ok");
  CHECK(world.remind_at(meeting.times.starts_at - 5h) == 0);
  CHECK(set(2, nullptr) == "ok");
  CHECK(world.remind() == 0);  // a day before is over, and was not wanted then
  CHECK(world.remind_at(meeting.times.starts_at - 2h) == 1);
  CHECK(describe(usecases::find_meeting_reminders(world.environment(), world.visitor().actor,
                                                  meeting.id)) != "ok");
}
