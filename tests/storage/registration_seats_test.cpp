// Rules 1 and 2: places, the waiting line, one registration for one person.
#include <doctest/doctest.h>

#include "service/usecases/meetings/meetings.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using domain::AttendanceMode;
using domain::RegistrationStatus;

namespace {

const std::vector<std::string> kNone;

std::vector<std::string> names_of(RegistrationWorld& world, domain::MeetingId meeting,
                                  RegistrationStatus status) {
  const auto page =
      usecases::list_registrations(world.environment(), world.organizer().actor,
                                   std::to_string(meeting.value), status, {200, std::nullopt});
  std::vector<std::string> names;
  for (const auto& one : page.value().items) names.push_back(one.person.full_name);
  return names;
}

}  // namespace

TEST_CASE("45 people on 40 places: 40 are confirmed and 5 wait in order") {
  RegistrationWorld world;
  const auto meeting = world.publish(40);
  for (int number = 1; number <= 45; ++number) {
    const auto registered = world.enter(meeting.id, number);
    CHECK(registered.created);
    if (number <= 40) {
      CHECK(registered.registration.status == RegistrationStatus::confirmed);
      CHECK_FALSE(registered.registration.queue_position);
    } else {
      CHECK(registered.registration.status == RegistrationStatus::waitlisted);
      CHECK(registered.registration.queue_position == number - 40);
    }
  }
  CHECK(names_of(world, meeting.id, RegistrationStatus::waitlisted) ==
        std::vector<std::string>{"Osoba 41", "Osoba 42", "Osoba 43", "Osoba 44", "Osoba 45"});
  const auto seats = world.meeting(meeting.id).onsite;
  CHECK(seats == domain::Seats{true, 40, 40, 0, 5});
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("a freed place goes to the first in line, and both get a mail") {
  RegistrationWorld world;
  const auto meeting = world.publish(2);
  const auto first = world.enter(meeting.id, 1);
  for (int number = 2; number <= 4; ++number) world.enter(meeting.id, number);
  const std::size_t before = world.mails().size();

  CHECK(world.cancel(first.registration.id).status == RegistrationStatus::cancelled);

  CHECK(world.mails_after(before) ==
        std::vector<SentMail>{{"registration_cancelled", "Osoba 1", "CANCEL", 1},
                              {"registration_promoted", "Osoba 3", "REQUEST", 0}});
  CHECK(names_of(world, meeting.id, RegistrationStatus::confirmed) ==
        std::vector<std::string>{"Osoba 2", "Osoba 3"});
  CHECK(names_of(world, meeting.id, RegistrationStatus::waitlisted) ==
        std::vector<std::string>{"Osoba 4"});
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("a waiting person who cancels frees no place") {
  RegistrationWorld world;
  const auto meeting = world.publish(1);
  world.enter(meeting.id, 1);
  const auto second = world.enter(meeting.id, 2);
  const auto third = world.enter(meeting.id, 3);
  const std::size_t before = world.mails().size();

  world.cancel(second.registration.id);

  CHECK(world.mails_after(before) ==
        std::vector<SentMail>{{"registration_cancelled", "Osoba 2", "", -1}});
  CHECK(world.load(third.registration.id).queue_position == 1);
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("registering twice returns the first registration and writes nothing") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto first = world.enter(meeting.id, 1);
  auto again = RegistrationWorld::person(1);
  again.full_name = " OSOBA \u00A0 1 ";
  again.email = "Osoba1@URZAD.example";
  const std::vector<std::string> tables{"person",     "registration",       "outgoing_mail",
                                        "invitation", "registration_token", "activity",
                                        "operation"};
  std::vector<std::int64_t> before;
  for (const auto& table : tables) before.push_back(world.count(table));
  SUBCASE("while it is open") {}
  SUBCASE("after it has closed") { world.clock().advance(std::chrono::hours(24 * 30)); }

  const auto second = world.try_register(meeting.id, again);

  REQUIRE_MESSAGE(second.ok(), describe(second));
  CHECK(second->registration.id == first.registration.id);
  CHECK_FALSE(second->created);
  CHECK(second->manage_url.empty());
  std::vector<std::int64_t> after;
  for (const auto& table : tables) after.push_back(world.count(table));
  CHECK(after == before);
}

TEST_CASE("several people share one office mailbox") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  auto anna = RegistrationWorld::person(1);
  anna.email = "sekretariat@urzad.example";
  auto barbara = anna;
  barbara.full_name = "Barbara Nowak";
  CHECK(world.try_register(meeting.id, anna)->created);
  CHECK(world.try_register(meeting.id, barbara)->created);
  CHECK(world.meeting(meeting.id).onsite.confirmed == 2);
}

TEST_CASE("who had cancelled comes back with the same row, at the end of the line") {
  RegistrationWorld world;
  const auto meeting = world.publish(1);
  const auto first = world.enter(meeting.id, 1);
  world.enter(meeting.id, 2);
  world.cancel(first.registration.id);
  const std::size_t before = world.mails().size();

  const auto back = world.enter(meeting.id, 1);

  CHECK(back.created);
  CHECK(back.registration.id == first.registration.id);
  CHECK(back.registration.status == RegistrationStatus::waitlisted);
  CHECK(back.registration.queue_position == 1);
  CHECK_FALSE(back.registration.cancelled_at);
  CHECK(world.mails_after(before) ==
        std::vector<SentMail>{{"registration_waitlisted", "Osoba 1", "", -1}});

  const auto second = usecases::list_registrations(world.environment(), world.organizer().actor,
                                                   std::to_string(meeting.id.value),
                                                   RegistrationStatus::confirmed, {});
  world.cancel(second->items.front().id);
  // 0 was the invitation, 1 the cancellation.
  CHECK(world.mails().back() == SentMail{"registration_promoted", "Osoba 1", "REQUEST", 2});
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("who comes back stands behind those who waited meanwhile") {
  RegistrationWorld world;
  const auto meeting = world.publish(1);
  const auto first = world.enter(meeting.id, 1);
  for (int number = 2; number <= 4; ++number) world.enter(meeting.id, number);
  world.cancel(first.registration.id);
  CHECK(world.enter(meeting.id, 1).registration.queue_position == 3);
  CHECK(world.load(first.registration.id).queue_position == 3);
  CHECK(names_of(world, meeting.id, RegistrationStatus::waitlisted) ==
        std::vector<std::string>{"Osoba 3", "Osoba 4", "Osoba 1"});
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("people already waiting count before newcomers even when a place is free") {
  RegistrationWorld world;
  const auto meeting = world.publish(1);
  world.enter(meeting.id, 1);
  world.enter(meeting.id, 2);
  // A place that came free without anybody being promoted, as after an edit by hand.
  world.pool().transact([&](storage::Connection& connection) {
    return connection.execute("UPDATE meeting SET onsite_capacity = 2 WHERE id = ?", {meeting.id});
  });
  CHECK(world.enter(meeting.id, 3).registration.queue_position == 2);
}

TEST_CASE("a raised capacity promotes as many as fit, in order") {
  RegistrationWorld world;
  const auto meeting = world.publish(1);
  for (int number = 1; number <= 5; ++number) world.enter(meeting.id, number);
  const std::size_t before = world.mails().size();
  auto form = world.meeting_form(3);

  const auto changed = world.change(meeting.id, form);

  REQUIRE_MESSAGE(changed.ok(), describe(changed));
  CHECK(changed->onsite == domain::Seats{true, 3, 3, 0, 2});
  CHECK(world.mails_after(before) ==
        std::vector<SentMail>{{"registration_promoted", "Osoba 2", "REQUEST", 0},
                              {"registration_promoted", "Osoba 3", "REQUEST", 0}});
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("without a waiting list the next one is told that it is full") {
  RegistrationWorld world;
  auto form = world.meeting_form(1);
  form.waitlist = false;
  const auto meeting = world.publish(form);
  world.enter(meeting.id, 1);
  CHECK(describe(world.try_register(meeting.id, RegistrationWorld::person(2))) == ":full");
  CHECK(world.count("person") == 1);
  CHECK(world.count("outgoing_mail") == 1);
}

TEST_CASE("what is remembered of a meeting within the second decides nothing") {
  RegistrationWorld world;
  auto form = world.meeting_form(1);
  form.waitlist = false;
  const auto meeting = world.publish(form);
  const auto first = world.enter(meeting.id, 1);
  world.clock().advance(std::chrono::seconds(5));
  CHECK(describe(world.try_register(meeting.id, RegistrationWorld::person(2))) == ":full");
  world.cancel(first.registration.id);
  CHECK(describe(world.try_register(meeting.id, RegistrationWorld::person(2))) == "ok");

  form.onsite.capacity = 2;
  form.starts += std::chrono::hours(24);
  form.ends += std::chrono::hours(24);
  REQUIRE(world.change(meeting.id, form).ok());
  CHECK(describe(world.try_register(meeting.id, RegistrationWorld::person(3))) == "ok");
  CHECK(world.facts().back().starts == form.starts);
  CHECK(world.facts().back().event->sequence == 1);

  REQUIRE(usecases::cancel_meeting(world.environment(), world.organizer(), meeting.id, "").ok());
  CHECK(describe(world.try_register(meeting.id, RegistrationWorld::person(4))) ==
        ":meeting_cancelled");
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("places are counted for each mode on its own") {
  RegistrationWorld world;
  auto form = world.meeting_form(1);
  form.online = {true, std::nullopt};
  form.online_url = "https://meet.example/abc";
  const auto meeting = world.publish(form);
  auto person = RegistrationWorld::person(1);
  CHECK(describe(world.try_register(meeting.id, person)) == "mode:required");
  person.mode = AttendanceMode::onsite;
  CHECK(world.try_register(meeting.id, person)->registration.status ==
        RegistrationStatus::confirmed);
  for (int number = 2; number <= 4; ++number) {
    person = RegistrationWorld::person(number);
    person.mode = AttendanceMode::online;
    CHECK(world.try_register(meeting.id, person)->registration.status ==
          RegistrationStatus::confirmed);
  }
  person = RegistrationWorld::person(5);
  person.mode = AttendanceMode::onsite;
  CHECK(world.try_register(meeting.id, person)->registration.queue_position == 1);
  CHECK(world.meeting(meeting.id).online == domain::Seats{true, std::nullopt, 3, 0, 0});
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("who has been approved is not asked again for another mode") {
  RegistrationWorld world;
  auto form = world.meeting_form(5);
  form.approval = true;
  form.online = {true, 5};
  const auto meeting = world.publish(form);
  auto person = RegistrationWorld::person(1);
  person.mode = AttendanceMode::onsite;
  const auto id = world.try_register(meeting.id, person)->registration.id;
  REQUIRE(usecases::approve_registration(world.environment(), world.organizer(), id).ok());
  usecases::RegistrationChange wanted;
  wanted.mode = AttendanceMode::online;
  const auto changed =
      usecases::change_registration(world.environment(), world.holder(id), id, {}, wanted);
  REQUIRE_MESSAGE(changed.ok(), describe(changed));
  CHECK(changed->status == RegistrationStatus::confirmed);
  CHECK(changed->mode == AttendanceMode::online);
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("a list of one and of thirty takes the same number of statements") {
  RegistrationWorld world({.size = 1});
  const auto small = world.publish(1);
  const auto large = world.publish(10);
  world.enter(small.id, 1);
  for (int number = 1; number <= 30; ++number) world.enter(large.id, number);
  const auto statements_of = [&](domain::MeetingId meeting) {
    const auto before = world.pool().lease()->statements();
    const auto page = usecases::list_registrations(world.environment(), world.organizer().actor,
                                                   std::to_string(meeting.value), std::nullopt, {});
    REQUIRE(page.ok());
    return world.pool().lease()->statements() - before;
  };
  CHECK(statements_of(small.id) == statements_of(large.id));
}

TEST_CASE("pages of a list follow each other without a gap") {
  RegistrationWorld world;
  const auto meeting = world.publish(3);
  for (int number = 1; number <= 7; ++number) world.enter(meeting.id, number);
  std::vector<std::string> names;
  std::optional<std::string> cursor;
  do {
    const auto page =
        usecases::list_registrations(world.environment(), world.organizer().actor,
                                     std::to_string(meeting.id.value), std::nullopt, {3, cursor});
    REQUIRE(page.ok());
    for (const auto& one : page->items) names.push_back(one.person.full_name);
    cursor = page->next;
  } while (cursor);
  CHECK(names == std::vector<std::string>{"Osoba 1", "Osoba 2", "Osoba 3", "Osoba 4", "Osoba 5",
                                          "Osoba 6", "Osoba 7"});
}
