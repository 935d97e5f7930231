// Meetings whose month is known and whose day is not: what their people and calendars are told.
#include <doctest/doctest.h>

#include "service/usecases/feeds.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using domain::TimePrecision;
using domain::WallTime;

namespace {

const std::vector<std::string> kNone;

WallTime wall(int month, int day, int hour = 0) {
  return WallTime{std::chrono::local_days{2027y / month / day}} + std::chrono::hours{hour};
}

usecases::MeetingForm march_form(const RegistrationWorld& world, int capacity = 40) {
  auto form = world.meeting_form(capacity);
  form.precision = TimePrecision::month;
  form.starts = wall(3, 17, 11);  // any moment of the month
  form.ends = WallTime{};
  return form;
}

usecases::MeetingForm dated_form(const RegistrationWorld& world, int day, int capacity = 40) {
  auto form = world.meeting_form(capacity);
  form.starts = wall(3, day, 10);
  form.ends = wall(3, day, 14);
  return form;
}

std::string public_feed(RegistrationWorld& world, const std::string& slug) {
  return usecases::meeting_feed(world.environment(), slug, domain::Language::pl)->text;
}

bool holds_event(const std::string& feed) { return feed.find("BEGIN:VEVENT") != feed.npos; }

}  // namespace

TEST_CASE("a meeting of a month takes the whole month, whatever moment of it was given") {
  RegistrationWorld world;
  const auto meeting = world.publish(march_form(world));
  CHECK(meeting.times.precision == TimePrecision::month);
  CHECK(meeting.times.starts == wall(3, 1));
  CHECK(meeting.times.ends == wall(4, 1));
  // October lasts an hour more than its days.
  auto october = march_form(world);
  october.starts = wall(10, 5);
  const auto autumn = world.publish(october);
  CHECK(autumn.times.ends == wall(11, 1));
  usecases::MeetingFilter filter;
  filter.from = domain::Date{2027y / 10 / 31};
  const auto found = usecases::list_meetings(world.environment(), {}, filter, {});
  REQUIRE(found.items.size() == 1);
  CHECK(found.items.front().id == autumn.id);
}

TEST_CASE("until its day is known a meeting is in nobody's calendar") {
  RegistrationWorld world;
  const auto meeting = world.publish(march_form(world, 1));
  world.enter(meeting.id, 1);
  world.enter(meeting.id, 2);  // waits

  CHECK(world.mails() == std::vector<SentMail>{{"registration_confirmed", "Osoba 1", "", -1},
                                               {"registration_waitlisted", "Osoba 2", "", -1}});
  CHECK(world.facts().front().month_only);
  CHECK_FALSE(holds_event(public_feed(world, meeting.slug)));
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("with its day everybody confirmed is invited, and who waits is told") {
  RegistrationWorld world;
  const auto meeting = world.publish(march_form(world, 1));
  world.enter(meeting.id, 1);
  world.enter(meeting.id, 2);  // waits
  const auto before = world.mails().size();

  REQUIRE(world.change(meeting.id, dated_form(world, 16, 1)).ok());

  CHECK(world.mails_after(before) ==
        std::vector<SentMail>{{"meeting_dated", "Osoba 1", "REQUEST", 1},
                              {"meeting_dated", "Osoba 2", "", -1}});
  const auto facts = world.facts().back();
  CHECK_FALSE(facts.month_only);
  CHECK(facts.previous_month_only);
  CHECK(facts.previous_starts == wall(3, 1));
  // A month is no day that the meeting was moved from.
  CHECK_FALSE(world.meeting(meeting.id).previous_starts);
  CHECK(holds_event(public_feed(world, meeting.slug)));

  // From now on it is a meeting as every other: a move is a move.
  REQUIRE(world.change(meeting.id, dated_form(world, 23, 1)).ok());
  CHECK(world.mails_after(before + 2) ==
        std::vector<SentMail>{{"meeting_moved", "Osoba 1", "REQUEST", 2},
                              {"meeting_moved", "Osoba 2", "", -1}});
  CHECK(world.meeting(meeting.id).previous_starts == wall(3, 16, 10));
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("a meeting that loses its day leaves calendars, and comes back with a higher sequence") {
  RegistrationWorld world;
  const auto meeting = world.publish(dated_form(world, 16));
  world.enter(meeting.id, 1);
  const auto before = world.mails().size();

  REQUIRE(world.change(meeting.id, march_form(world)).ok());
  REQUIRE(world.mails_after(before) ==
          std::vector<SentMail>{{"meeting_moved", "Osoba 1", "CANCEL", 1}});
  const auto lost = world.facts().back();
  CHECK(lost.month_only);
  // The calendar is told of the entry that it holds.
  CHECK(lost.event->starts == wall(3, 16, 10));
  CHECK(lost.previous_starts == wall(3, 16, 10));
  CHECK_FALSE(holds_event(public_feed(world, meeting.slug)));

  REQUIRE(world.change(meeting.id, dated_form(world, 30)).ok());
  CHECK(world.mails_after(before + 1) ==
        std::vector<SentMail>{{"meeting_dated", "Osoba 1", "REQUEST", 2}});
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("another month is told without anything for calendars") {
  RegistrationWorld world;
  const auto meeting = world.publish(march_form(world));
  world.enter(meeting.id, 1);
  const auto before = world.mails().size();
  auto april = march_form(world);
  april.starts = wall(4, 1);
  REQUIRE(world.change(meeting.id, april).ok());
  CHECK(world.mails_after(before) == std::vector<SentMail>{{"meeting_moved", "Osoba 1", "", -1}});
  CHECK(world.facts().back().previous_month_only);
  CHECK_FALSE(world.meeting(meeting.id).previous_starts);
}

TEST_CASE("a meeting of a month takes registrations until the month is over") {
  RegistrationWorld world;
  const auto meeting = world.publish(march_form(world));
  world.clock().set(std::chrono::sys_days{2027y / 3 / 31} + 21h);  // 23:00 in Warsaw
  const auto entered = world.enter(meeting.id, 1);
  CHECK(world.cancel(entered.registration.id).status == domain::RegistrationStatus::cancelled);
  world.clock().advance(1h);
  CHECK(describe(world.try_register(meeting.id, RegistrationWorld::person(2))) == ":meeting_past");
}

TEST_CASE("a place given up before the day is known goes to the next without a calendar entry") {
  RegistrationWorld world;
  const auto meeting = world.publish(march_form(world, 1));
  const auto first = world.enter(meeting.id, 1);
  world.enter(meeting.id, 2);
  const auto before = world.mails().size();
  world.cancel(first.registration.id);
  CHECK(world.mails_after(before) ==
        std::vector<SentMail>{{"registration_cancelled", "Osoba 1", "", -1},
                              {"registration_promoted", "Osoba 2", "", -1}});
  REQUIRE(world.change(meeting.id, dated_form(world, 16, 1)).ok());
  CHECK(world.mails_after(before + 2) ==
        std::vector<SentMail>{{"meeting_dated", "Osoba 2", "REQUEST", 1}});
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("a cycle says whether its next meeting has a day") {
  RegistrationWorld world;
  usecases::CycleForm cycle;
  cycle.title = "Szkoła prototypowania 2027";
  auto session = march_form(world);
  session.session_number = 1;
  cycle.meetings.push_back(session);
  const auto made = usecases::create_cycle(world.environment(), world.organizer(), cycle);
  REQUIRE(made.ok());
  const auto published = usecases::publish_cycle(world.environment(), world.organizer(), made->id);
  REQUIRE(published.ok());
  CHECK(published->next_starts == wall(3, 1));
  CHECK(published->next_is_half_fixed);
  // Within the month it is still the next one.
  world.clock().set(std::chrono::sys_days{2027y / 3 / 20});
  const auto later = usecases::find_cycle(world.environment(), {}, published->slug);
  CHECK(later->next_starts == wall(3, 1));
}
