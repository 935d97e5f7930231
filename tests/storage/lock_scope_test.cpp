// Statements about some rows lock those and no others: people of one meeting do not wait for those
// of another, and two meetings that change at once do not lock each other out.
#include <doctest/doctest.h>

#include "sql/bin_store.h"
#include "sql/challenge_store.h"
#include "sql/held_change_store.h"
#include "sql/registration_store.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;

namespace {

// Somebody else is at work on every row of the first meeting; we are on those of the second.
struct TwoMeetings {
  TwoMeetings() {
    const auto first = world.publish().id;
    const auto second = world.publish().id;
    meeting = second;
    for (int number = 1; number <= 4; ++number) world.enter(first, number);
    for (int number = 11; number <= 14; ++number) {
      ours.push_back(world.enter(second, number).registration.id);
    }
    for (const auto row : connection.query(
             "SELECT i.outgoing_mail_id FROM invitation i JOIN registration r ON r.id = "
             "i.registration_id WHERE r.meeting_id = ?",
             {second})) {
      mails.push_back(row.id<domain::OutgoingMailId>(0));
    }
    REQUIRE(mails.size() == 4);
    rival.run("BEGIN");
    rival.query("SELECT id FROM registration FORCE INDEX (PRIMARY) WHERE id < ? FOR UPDATE",
                {ours.front()});
    rival.query("SELECT id FROM outgoing_mail FORCE INDEX (PRIMARY) WHERE id < ? FOR UPDATE",
                {mails.front()});
    connection.run("SET innodb_lock_wait_timeout = 1");
    connection.run("BEGIN");
  }

  RegistrationWorld world;
  storage::Connection rival{world.database().address()};
  storage::Connection connection{world.database().address()};
  domain::MeetingId meeting;
  std::vector<domain::RegistrationId> ours;
  std::vector<domain::OutgoingMailId> mails;
};

}  // namespace

TEST_CASE("what a meeting's calendars were told is written beside a locked other meeting") {
  TwoMeetings two;
  auto registrations = find_registrations(two.connection, two.ours);
  for (auto& stored : registrations) stored.told.shown = "another";
  CHECK_NOTHROW(save_told(two.connection, registrations));
  two.connection.run("COMMIT");
  two.rival.run("ROLLBACK");
  const auto rows = two.connection.query(
      "SELECT COUNT(*), COALESCE(SUM(meeting_id = ?), 0) FROM registration WHERE calendar_shown = "
      "'another'",
      {two.meeting});
  CHECK(rows[0].integer(0) == 4);
  CHECK(rows[0].integer(1) == 4);
}

TEST_CASE("mails are taken back beside a locked other meeting") {
  TwoMeetings two;
  bool unsent = false;
  CHECK_NOTHROW(unsent = lock_unsent_mails(two.connection, two.mails));
  CHECK(unsent);
  CHECK_NOTHROW(delete_held_mails(two.connection, two.mails, {}));
  two.connection.run("COMMIT");
  two.rival.run("ROLLBACK");
  CHECK(two.world.count("outgoing_mail") == 4);
  CHECK(two.world.count("invitation") == 4);
}

TEST_CASE("a meeting goes for good beside a locked other meeting") {
  TwoMeetings two;
  two.rival.query(
      "SELECT id FROM invitation FORCE INDEX (PRIMARY) WHERE id < (SELECT MIN(o.id) FROM"
      " invitation o WHERE o.registration_id = ?) FOR UPDATE",
      {two.ours.front()});
  CHECK_NOTHROW(delete_meeting(two.connection, two.meeting, two.world.clock().now()));
  two.connection.run("COMMIT");
  two.rival.run("ROLLBACK");
  CHECK(two.world.count("registration") == 4);
  CHECK(two.world.count("outgoing_mail") == 4);
  CHECK(two.world.count("meeting") == 1);
}

TEST_CASE("challenges are grouped beside a locked other meeting") {
  TwoMeetings two;
  CHECK_NOTHROW(assign_challenges(two.connection, two.meeting, two.ours, std::nullopt));
}
