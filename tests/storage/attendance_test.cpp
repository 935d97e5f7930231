// Who came: marks, what they leave alone, and people at the door.
#include "service/usecases/registrations/attendance.h"

#include <doctest/doctest.h>

#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using domain::RegistrationId;
using domain::RegistrationStatus;

namespace {

const std::vector<std::string> kNone;

void begin_meeting(RegistrationWorld& world, const domain::Meeting& meeting) {
  world.clock().set(meeting.times.starts_at);
}

usecases::WalkIn walk_in(int number) {
  const auto form = RegistrationWorld::person(number);
  usecases::WalkIn walk_in;
  walk_in.full_name = form.full_name;
  walk_in.email = form.email;
  walk_in.institution = form.institution;
  walk_in.consent = true;
  return walk_in;
}

std::string key_of(const domain::Meeting& meeting) { return std::to_string(meeting.id.value); }

std::string mark(RegistrationWorld& world, const domain::Meeting& meeting,
                 const std::vector<RegistrationId>& ids, RegistrationStatus status) {
  const auto outcome = usecases::mark_attendance(world.environment(), world.organizer(),
                                                 key_of(meeting), ids, status);
  return outcome.ok() ? std::to_string(outcome->count) : describe(outcome);
}

usecases::AttendanceList list(RegistrationWorld& world, const domain::Meeting& meeting) {
  return usecases::list_attendance(world.environment(), world.organizer().actor, key_of(meeting))
      .value();
}

// "Osoba 1 attended"
std::vector<std::string> lines(RegistrationWorld& world, const domain::Meeting& meeting) {
  std::vector<std::string> lines;
  for (const auto& one : list(world, meeting).people)
    lines.push_back(one.full_name + " " + std::string(to_string(one.status)) +
                    (one.added ? " added" : ""));
  return lines;
}

}  // namespace

TEST_CASE("nobody is marked before the meeting has begun, and nothing is written") {
  RegistrationWorld world;
  const auto meeting = world.publish(3);
  const auto one = world.enter(meeting.id, 1).registration.id;
  world.clock().set(meeting.times.starts_at - std::chrono::seconds(1));
  const auto before = world.activities();
  CHECK(mark(world, meeting, {one}, RegistrationStatus::attended) ==
        "conflict:attendance_not_begun");
  CHECK(describe(usecases::add_walk_in(world.environment(), world.organizer(), key_of(meeting),
                                       walk_in(7))) == "conflict:attendance_not_begun");
  CHECK_FALSE(list(world, meeting).may_mark);
  CHECK(world.activities() == before);
  world.clock().advance(std::chrono::seconds(1));
  CHECK(list(world, meeting).may_mark);
  CHECK(mark(world, meeting, {one}, RegistrationStatus::attended) == "1");
}

TEST_CASE("marks change who came, not the places, and are taken back") {
  RegistrationWorld world;
  const auto meeting = world.publish(2);
  const auto one = world.enter(meeting.id, 1).registration.id;
  const auto two = world.enter(meeting.id, 2).registration.id;
  const auto waiting = world.enter(meeting.id, 3).registration.id;
  begin_meeting(world, meeting);
  const auto mails = world.mails();
  CHECK(mark(world, meeting, {one, two, waiting}, RegistrationStatus::attended) == "2");
  CHECK(mark(world, meeting, {two}, RegistrationStatus::absent) == "1");
  CHECK(mark(world, meeting, {two}, RegistrationStatus::absent) == "0");
  CHECK(lines(world, meeting) == std::vector<std::string>{"Osoba 1 attended", "Osoba 2 absent"});
  CHECK(world.meeting(meeting.id).onsite == domain::Seats{true, 2, 2, 0, 1});
  CHECK(world.find_violations() == kNone);
  CHECK(mark(world, meeting, {one, two}, RegistrationStatus::confirmed) == "2");
  CHECK(lines(world, meeting) ==
        std::vector<std::string>{"Osoba 1 confirmed", "Osoba 2 confirmed"});
  CHECK(world.load(waiting).status == RegistrationStatus::waitlisted);
  CHECK(world.meeting(meeting.id).onsite == domain::Seats{true, 2, 2, 0, 1});
  CHECK(world.mails() == mails);
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("people of each institution are counted") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto one = world.enter(meeting.id, 1).registration.id;
  const auto two = world.enter(meeting.id, 2).registration.id;
  world.enter(meeting.id, 3);
  begin_meeting(world, meeting);
  mark(world, meeting, {one}, RegistrationStatus::attended);
  mark(world, meeting, {two}, RegistrationStatus::absent);
  const auto found = list(world, meeting);
  REQUIRE(found.offices.size() == 1);
  CHECK(found.offices[0].expected == 3);
  CHECK(found.offices[0].attended == 1);
  CHECK(found.offices[0].absent == 1);
  CHECK(found.attended == 1);
  CHECK(found.absent == 1);
}

TEST_CASE("somebody without a registration is added at the door, once and without a mail") {
  RegistrationWorld world;
  const auto meeting = world.publish(2);
  world.enter(meeting.id, 1);
  begin_meeting(world, meeting);
  const auto mails = world.mails();
  const auto first =
      usecases::add_walk_in(world.environment(), world.organizer(), key_of(meeting), walk_in(7));
  REQUIRE(first.ok());
  const auto again =
      usecases::add_walk_in(world.environment(), world.organizer(), key_of(meeting), walk_in(7));
  CHECK(again.value() == first.value());
  CHECK(lines(world, meeting) ==
        std::vector<std::string>{"Osoba 1 confirmed", "Osoba 7 attended added"});
  CHECK(world.meeting(meeting.id).onsite == domain::Seats{true, 2, 2, 0, 0});
  CHECK(world.mails() == mails);
  CHECK(world.find_violations() == kNone);
  // Taken back, it is as if they had not come.
  CHECK(mark(world, meeting, {first.value()}, RegistrationStatus::confirmed) == "1");
  CHECK(world.load(first.value()).status == RegistrationStatus::cancelled);
  CHECK(world.meeting(meeting.id).onsite == domain::Seats{true, 2, 1, 0, 0});
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("whoever waited and came is let in, and waits again when that is taken back") {
  RegistrationWorld world;
  const auto meeting = world.publish(1);
  const auto one = world.enter(meeting.id, 1).registration.id;
  const auto waiting = world.enter(meeting.id, 2).registration.id;
  begin_meeting(world, meeting);
  const auto come = [&](bool over_capacity) {
    auto typed = walk_in(2);
    typed.over_capacity = over_capacity;
    return usecases::add_walk_in(world.environment(), world.organizer(), key_of(meeting), typed);
  };
  CHECK(describe(come(false)) == "over_capacity:full_at_door");
  SUBCASE("in the place of somebody absent") {
    mark(world, meeting, {one}, RegistrationStatus::absent);
    CHECK(come(false).value() == waiting);
  }
  SUBCASE("above the places, when the organizer says so") { CHECK(come(true).value() == waiting); }
  CHECK(world.load(waiting).status == RegistrationStatus::attended);
  CHECK(world.meeting(meeting.id).onsite == domain::Seats{true, 1, 2, 0, 0});
  CHECK(world.find_violations() == kNone);
  CHECK(mark(world, meeting, {waiting}, RegistrationStatus::confirmed) == "1");
  CHECK(world.load(waiting).status == RegistrationStatus::waitlisted);
  CHECK(world.meeting(meeting.id).onsite == domain::Seats{true, 1, 1, 0, 1});
  CHECK(world.find_violations() == kNone);
}

TEST_CASE("at the door the same is checked as in a registration") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  begin_meeting(world, meeting);
  auto typed = walk_in(1);
  typed.full_name = "";
  typed.institution = "Nigdzie";
  typed.consent = false;
  CHECK(describe(usecases::add_walk_in(world.environment(), world.organizer(), key_of(meeting),
                                       typed)) ==
        "full_name:required, institution:unknown_institution, consent:consent_required");
}

TEST_CASE("who may not decide on registrations neither sees nor marks who came") {
  RegistrationWorld world;
  const auto meeting = world.publish();
  const auto one = world.enter(meeting.id, 1).registration.id;
  begin_meeting(world, meeting);
  const auto visitor = world.visitor();
  CHECK(describe(usecases::list_attendance(world.environment(), visitor.actor, key_of(meeting))) ==
        "not_found");
  CHECK(describe(usecases::mark_attendance(world.environment(), visitor, key_of(meeting), {one},
                                           RegistrationStatus::attended)) == "forbidden");
  CHECK(describe(usecases::mark_attendance(world.environment(), visitor, one,
                                           RegistrationStatus::attended)) == "not_found");
  CHECK(describe(usecases::mark_attendance(world.environment(), world.organizer(), one,
                                           RegistrationStatus::pending)) == "status:unknown_value");
}
