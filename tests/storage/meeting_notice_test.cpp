// Which changes of a published meeting its people hear of: the way in online, and what is over.
#include <doctest/doctest.h>

#include "service/usecases/meetings/meetings.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using domain::AttendanceMode;

namespace {

const std::vector<std::string> kNone;

usecases::MeetingForm hybrid_form(const RegistrationWorld& world) {
  auto form = world.meeting_form();
  form.online = {true, 1};
  form.online_url = "https://meet.example/stary";
  return form;
}

usecases::Registered enter_online(RegistrationWorld& world, domain::MeetingId meeting, int number) {
  auto form = RegistrationWorld::person(number);
  form.mode = AttendanceMode::online;
  auto registered = world.try_register(meeting, form);
  REQUIRE_MESSAGE(registered.ok(), describe(registered));
  return std::move(registered).value();
}

usecases::Registered enter_onsite(RegistrationWorld& world, domain::MeetingId meeting, int number) {
  auto form = RegistrationWorld::person(number);
  form.mode = AttendanceMode::onsite;
  auto registered = world.try_register(meeting, form);
  REQUIRE_MESSAGE(registered.ok(), describe(registered));
  return std::move(registered).value();
}

}  // namespace

TEST_CASE("a new link reaches the calendars of those who join online, and nobody else's") {
  RegistrationWorld world;
  const auto meeting = world.publish(hybrid_form(world));
  enter_onsite(world, meeting.id, 1);
  enter_online(world, meeting.id, 2);
  enter_online(world, meeting.id, 3);  // waits
  const auto before = world.mails().size();
  auto form = hybrid_form(world);
  form.online_url = "https://meet.example/nowy";

  REQUIRE(world.change(meeting.id, form).ok());

  REQUIRE(world.mails_after(before) ==
          std::vector<SentMail>{{"meeting_moved", "Osoba 2", "REQUEST", 1}});
  CHECK(world.facts().back().online_url == "https://meet.example/nowy");
  CHECK(world.facts().back().event->conference_url == "https://meet.example/nowy");
  CHECK(world.meeting(meeting.id).sequence == 1);
  CHECK_FALSE(world.meeting(meeting.id).previous_starts);
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("a link that is withdrawn leaves the calendars of those who had it") {
  RegistrationWorld world;
  const auto meeting = world.publish(hybrid_form(world));
  enter_online(world, meeting.id, 2);
  const auto before = world.mails().size();
  auto form = hybrid_form(world);
  form.online_url.clear();

  REQUIRE(world.change(meeting.id, form).ok());

  REQUIRE(world.mails_after(before) ==
          std::vector<SentMail>{{"meeting_moved", "Osoba 2", "REQUEST", 1}});
  CHECK(world.facts().back().event->conference_url.empty());
}

TEST_CASE("a mode newly offered or withdrawn is told to those whose way in it changes") {
  RegistrationWorld world;
  auto form = world.meeting_form();
  form.online_url = "https://meet.example/a";  // not a mode of its own: for everybody
  const auto meeting = world.publish(form);
  world.enter(meeting.id, 1);
  CHECK(world.facts().back().online_url == "https://meet.example/a");

  form.online = {true, std::nullopt};
  REQUIRE(world.change(meeting.id, form).ok());

  CHECK(world.mails().back() == SentMail{"meeting_moved", "Osoba 1", "REQUEST", 1});
  CHECK(world.facts().back().online_url.empty());

  form.online = {};
  REQUIRE(world.change(meeting.id, form).ok());

  CHECK(world.mails().back() == SentMail{"meeting_moved", "Osoba 1", "REQUEST", 2});
  CHECK(world.facts().back().online_url == "https://meet.example/a");
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("a meeting that moves and gets another link sends one mail to each") {
  RegistrationWorld world;
  const auto meeting = world.publish(hybrid_form(world));
  enter_onsite(world, meeting.id, 1);
  enter_online(world, meeting.id, 2);
  const auto before = world.mails().size();
  auto form = hybrid_form(world);
  form.online_url = "https://meet.example/nowy";
  form.starts += 1h;
  form.ends += 1h;

  REQUIRE(world.change(meeting.id, form).ok());

  REQUIRE(world.mails_after(before) ==
          std::vector<SentMail>{{"meeting_moved", "Osoba 1", "REQUEST", 1},
                                {"meeting_moved", "Osoba 2", "REQUEST", 1}});
}

TEST_CASE("what is corrected of a meeting that is over is mailed to nobody") {
  RegistrationWorld world;
  const auto meeting = world.publish(hybrid_form(world));
  enter_online(world, meeting.id, 1);
  const auto before = world.mails().size();
  auto form = hybrid_form(world);
  form.ends += 1h;
  form.online_url = "https://meet.example/nagranie";

  world.clock().set(meeting.times.ends_at + 1h);
  REQUIRE(world.change(meeting.id, form).ok());
  CHECK(world.mails().size() == before);
  CHECK(world.find_violations() == kNone);

  // Not over by the new end: those who think so must hear of it.
  form.ends += 24h;
  REQUIRE(world.change(meeting.id, form).ok());
  CHECK(world.mails().size() == before + 1);
}
