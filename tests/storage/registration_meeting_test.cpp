// Meetings that are published, moved and cancelled with people in them; rules 3 and 4.
#include <doctest/doctest.h>

#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using domain::RegistrationStatus;

namespace {

const std::vector<std::string> kNone;

domain::Outcome<domain::Meeting> cancel(RegistrationWorld& world, domain::MeetingId meeting,
                                        const std::string& reason = "Awaria sali.") {
  return usecases::cancel_meeting(world.environment(), world.organizer(), meeting, reason);
}

}  // namespace

TEST_CASE("registration, move and cancellation: REQUEST 0, REQUEST 1, CANCEL 2, one UID") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  auto form = world.meeting_form();
  form.starts += 24h;
  form.ends += 24h;
  REQUIRE(world.change(meeting.id, form).ok());
  REQUIRE(cancel(world, meeting.id).ok());

  CHECK(world.mails() == std::vector<SentMail>{{"registration_confirmed", "Osoba 1", "REQUEST", 0},
                                               {"meeting_moved", "Osoba 1", "REQUEST", 1},
                                               {"meeting_cancelled", "Osoba 1", "CANCEL", 2}});
  const auto facts = world.facts();
  for (const auto& one : facts) CHECK(one.event->uid == meeting.uid);
  CHECK(facts[1].starts == form.starts);
  CHECK(facts[1].previous_starts == world.meeting_form().starts);
  CHECK(facts[2].reason == "Awaria sali.");
  CHECK(facts[2].event->status == calendar::EventStatus::cancelled);
  const auto now = world.meeting(meeting.id);
  CHECK(now.sequence == 2);
  CHECK(now.previous_starts == world.meeting_form().starts);
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("everybody who is in hears of a move, only the confirmed get it for their calendar") {
  RegistrationWorld world;
  const auto meeting = world.publish(1);
  world.enter(meeting.id, 1);
  world.enter(meeting.id, 2);
  const auto third = world.enter(meeting.id, 3);
  world.cancel(third.registration.id);
  const auto before = world.mails().size();
  auto form = world.meeting_form(1);
  form.places.front().room = "sala 7";

  REQUIRE(world.change(meeting.id, form).ok());

  CHECK(world.mails_after(before) ==
        std::vector<SentMail>{{"meeting_moved", "Osoba 1", "REQUEST", 1},
                              {"meeting_moved", "Osoba 2", "", -1}});
  CHECK_FALSE(world.meeting(meeting.id).previous_starts);
  CHECK(world.facts().back().queue_position == 1);
  CHECK(world.activities().back() ==
        "meeting.moved meeting:" + std::to_string(meeting.id.value) + " token:1");
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("a change that moves nothing sends nothing and keeps SEQUENCE") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  auto form = world.meeting_form();
  form.summary = "Nowy opis.";
  REQUIRE(world.change(meeting.id, form).ok());
  CHECK(world.mails().size() == 1);
  CHECK(world.meeting(meeting.id).sequence == 0);
}

TEST_CASE("mails of a changed meeting wait for the hold, those of a registration do not") {
  RegistrationWorld world;
  world.environment().hold_seconds = 300;
  const auto meeting = world.publish();
  world.enter(meeting.id, 1);
  auto form = world.meeting_form();
  form.starts += 1h;
  form.ends += 1h;
  REQUIRE(world.change(meeting.id, form).ok());
  const auto held = world.pool().read([](storage::Connection& connection) {
    std::vector<std::int64_t> seconds;
    const auto rows = connection.query(
        "SELECT TIMESTAMPDIFF(SECOND, created_at, not_before) FROM outgoing_mail ORDER BY id");
    for (const auto row : rows) seconds.push_back(row.integer(0));
    return seconds;
  });
  CHECK(held == std::vector<std::int64_t>{0, 300});
}

TEST_CASE("cancelling a meeting twice is once, and nobody gets in any more") {
  RegistrationWorld world;
  const auto meeting = world.publish(1);
  const auto first = world.enter(meeting.id, 1);
  world.enter(meeting.id, 2);
  REQUIRE(cancel(world, meeting.id).ok());
  const auto mails = world.mails();
  CHECK(std::vector<SentMail>(mails.begin() + 2, mails.end()) ==
        std::vector<SentMail>{{"meeting_cancelled", "Osoba 1", "CANCEL", 1},
                              {"meeting_cancelled", "Osoba 2", "", -1}});
  const auto again = cancel(world, meeting.id, "Inny powód.");
  REQUIRE(again.ok());
  CHECK(again->cancel_reason == "Awaria sali.");
  CHECK(again->sequence == 1);
  CHECK(world.mails() == mails);

  CHECK(describe(world.try_register(meeting.id, RegistrationWorld::person(3))) ==
        ":meeting_cancelled");
  // Leaving a cancelled meeting promotes nobody and has nothing left for the calendar.
  world.cancel(first.registration.id);
  CHECK(world.mails().back() == SentMail{"registration_cancelled", "Osoba 1", "", -1});
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("what cannot be cancelled says why") {
  RegistrationWorld world;
  const auto draft =
      usecases::create_meeting(world.environment(), world.organizer(), world.meeting_form());
  CHECK(describe(cancel(world, draft->id)) == "conflict:not_published");
  CHECK(describe(cancel(world, domain::MeetingId{999})) == "not_found");
  CHECK(describe(cancel(world, draft->id, std::string(1001, 'x'))) == "reason:too_long");
  const auto meeting = world.publish();
  world.clock().set(meeting.times.ends_at);
  CHECK(describe(cancel(world, meeting.id)) == "conflict:meeting_past");
}

TEST_CASE("publishing twice is the same as once; a cancelled meeting stays cancelled") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto activities = world.activities();
  const auto again = usecases::publish_meeting(world.environment(), world.organizer(), meeting.id);
  CHECK(again->version == meeting.version);
  CHECK(world.activities() == activities);
  REQUIRE(cancel(world, meeting.id).ok());
  CHECK(describe(usecases::publish_meeting(world.environment(), world.organizer(), meeting.id)) ==
        "conflict:meeting_cancelled");
}

TEST_CASE("nobody registers at a draft") {
  RegistrationWorld world;
  const auto draft =
      usecases::create_meeting(world.environment(), world.organizer(), world.meeting_form());
  REQUIRE_MESSAGE(draft.ok(), describe(draft));
  CHECK(describe(world.try_register(draft->id, RegistrationWorld::person(1))) == "not_found");
}

TEST_CASE("the facts of an invitation are those of the meeting, in the person's language") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  auto person = RegistrationWorld::person(1);
  person.language = domain::Language::en;
  const auto registered = world.try_register(meeting.id, person);
  REQUIRE(registered.ok());
  const auto facts = world.facts().front();
  CHECK(facts.language == domain::Language::en);
  CHECK(facts.to_name == "Osoba 1");
  CHECK(facts.to_address == "osoba1@urzad.example");
  CHECK(facts.meeting_title == meeting.title);
  CHECK(facts.place == "Centrum 3.0, ul. Zwycięstwa 36, Gliwice, sala 2");
  CHECK(facts.meeting_url == "https://narada.example/en/spotkania/" + meeting.slug);
  CHECK(facts.manage_url == registered->manage_url);
  CHECK(facts.manage_url.rfind("https://narada.example/en/z/", 0) == 0);
  const calendar::Event& event = *facts.event;
  CHECK(event.summary == meeting.title);
  CHECK(event.starts == meeting.times.starts);
  CHECK(event.tzid == "Europe/Warsaw");
  CHECK(event.location == facts.place);
  CHECK(event.url == facts.meeting_url);
  CHECK(event.description ==
        meeting.summary + "\n\nChange or cancel your registration: " + facts.manage_url);
  CHECK(event.categories == std::vector<std::string>{"Mobility", "workshop"});
  CHECK(event.organizer->email == "spotkania@narada.example");
  REQUIRE(event.attendees.size() == 1);
  CHECK(event.attendees.front().name == "Osoba 1");
  CHECK(event.attendees.front().email == "osoba1@urzad.example");
  CHECK(event.alarm_minutes == std::vector<int>{1440, 60});
}

namespace {

// A published cycle of three sessions, a month apart.
domain::Cycle publish_cycle(RegistrationWorld& world, int capacity) {
  usecases::CycleForm form;
  form.title = "Szkoła prototypowania";
  for (int session = 0; session < 3; ++session) {
    auto meeting = world.meeting_form(capacity);
    meeting.title = "Sesja " + std::to_string(session + 1);
    meeting.starts += 28 * 24h * session;
    meeting.ends += 28 * 24h * session;
    form.meetings.push_back(meeting);
  }
  const auto cycle = usecases::create_cycle(world.environment(), world.organizer(), form);
  REQUIRE_MESSAGE(cycle.ok(), describe(cycle));
  auto published = usecases::publish_cycle(world.environment(), world.organizer(), cycle->id);
  REQUIRE_MESSAGE(published.ok(), describe(published));
  return std::move(published).value();
}

domain::Outcome<usecases::Enrolled> enrol(RegistrationWorld& world, const domain::Cycle& cycle,
                                          int number) {
  return usecases::enrol_person(world.environment(), world.visitor(), cycle.slug,
                                RegistrationWorld::person(number));
}

}  // namespace

TEST_CASE("an enrolment registers for every session to come, in one step") {
  RegistrationWorld world;
  const auto cycle = publish_cycle(world, 1);
  world.enter(cycle.meetings[1].id, 9);

  const auto enrolled = enrol(world, cycle, 1);

  REQUIRE_MESSAGE(enrolled.ok(), describe(enrolled));
  CHECK(enrolled->created);
  CHECK(enrolled->skipped.empty());
  REQUIRE(enrolled->registrations.size() == 3);
  CHECK(enrolled->manage_urls.size() == 3);
  CHECK(enrolled->registrations[0].status == RegistrationStatus::confirmed);
  CHECK(enrolled->registrations[1].queue_position == 1);
  CHECK(enrolled->registrations[2].status == RegistrationStatus::confirmed);
  CHECK(world.facts().back().cycle_title == "Szkoła prototypowania");
  CHECK(world.facts().back().event->related_to == cycle.uid);
  CHECK(world.find_violations() == kNone);

  const auto mails = world.mails().size();
  const auto again = enrol(world, cycle, 1);
  CHECK(again->id == enrolled->id);
  CHECK_FALSE(again->created);
  CHECK(again->registrations.size() == 3);
  CHECK(again->manage_urls.empty());
  CHECK(world.mails().size() == mails);
}

TEST_CASE("an enrolment leaves alone what was registered before and leaves out what refuses") {
  RegistrationWorld world;
  const auto cycle = publish_cycle(world, 5);
  const auto before = world.enter(cycle.meetings[0].id, 1);
  usecases::MeetingForm form = world.meeting_form(5);
  const auto loaded = usecases::load_meeting_form(world.environment(), world.organizer().actor,
                                                  cycle.meetings[1].id);
  REQUIRE(loaded.ok());
  form = *loaded;
  form.window.closes_at = world.clock().now() - 1h;
  REQUIRE_MESSAGE(world.change(cycle.meetings[1].id, form).ok(), "closes the second session");

  const auto enrolled = enrol(world, cycle, 1);

  REQUIRE_MESSAGE(enrolled.ok(), describe(enrolled));
  REQUIRE(enrolled->registrations.size() == 2);
  CHECK(enrolled->registrations[0].id == before.registration.id);
  CHECK_FALSE(enrolled->registrations[0].enrolment);  // nobody showed that it is theirs
  CHECK(enrolled->manage_urls[0].empty());
  CHECK_FALSE(enrolled->manage_urls[1].empty());
  CHECK(enrolled->skipped == std::vector<std::string>{"Sesja 2: window_closed"});
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("a session published later registers the enrolled, who skip single ones freely") {
  RegistrationWorld world;
  const auto cycle = publish_cycle(world, 5);
  const auto enrolled = enrol(world, cycle, 1);
  REQUIRE(enrolled.ok());
  world.cancel(enrolled->registrations[1].id);
  auto form = world.meeting_form(5);
  form.title = "Sesja dodatkowa";
  form.cycle = cycle.slug;
  form.session_number = 4;
  form.starts += 24h;
  form.ends += 24h;

  const auto added = world.publish(form);

  CHECK(added.onsite.confirmed == 1);
  CHECK(world.mails().back() == SentMail{"registration_confirmed", "Osoba 1", "REQUEST", 0});
  CHECK(world.meeting(cycle.meetings[1].id).onsite.confirmed == 0);
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("a cycle that is over or unknown takes nobody") {
  RegistrationWorld world;
  const auto cycle = publish_cycle(world, 5);
  CHECK(describe(usecases::enrol_person(world.environment(), world.visitor(), "nie-ma",
                                        RegistrationWorld::person(1))) == "not_found");
  world.clock().advance(24h * 365);
  CHECK(describe(enrol(world, cycle, 1)) == ":meeting_past");
  CHECK(world.count("enrolment") == 0);
  CHECK(world.count("person") == 0);
}
