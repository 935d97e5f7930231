// A change undone within its hold is as if it had never been made; what others did meanwhile stays.
#include <doctest/doctest.h>

#include <functional>
#include <future>

#include "service/usecases/meetings/change_undoing.h"
#include "sql/bin_store.h"
#include "sql/connection.h"
#include "sql/mail_delivery_store.h"
#include "sql/seat_store.h"
#include "tests/storage/held_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using usecases::Shrinking;

TEST_CASE("what is undone within its hold leaves nothing but the log") {
  const std::vector<std::pair<std::string, std::function<void(Held&)>>> cases{
      {"moved", [](Held& held) { held.move(); }},
      {"another place",
       [](Held& held) {
         held.change([](auto& form) { form.places = {{"Ratusz", "Rynek 1", "", "", {}}}; });
       }},
      {"cancelled",
       [](Held& held) {
         REQUIRE(cancel_meeting(held.world.environment(), held.world.organizer(), held.meeting,
                                "Awaria")
                     .ok());
       }},
      {"shrunk", [](Held& held) { held.change([](auto& form) { form.onsite.capacity = 1; }); }},
      {"more places",
       [](Held& held) { held.change([](auto& form) { form.onsite.capacity = 5; }); }},
      {"binned", [](Held& held) {
         REQUIRE(delete_meeting(held.world.environment(), held.world.organizer(), held.meeting, "")
                     .ok());
       }}};
  for (const auto& [name, change] : cases) {
    CAPTURE(name);
    Held held;
    const auto before = dump(held.world);
    const auto version = held.world.meeting(held.meeting).version;
    change(held);
    REQUIRE(dump(held.world) != before);
    const auto served = held.sequence();

    const auto undone = held.undo(held.newest().id);

    REQUIRE_MESSAGE(undone.ok(), describe(undone));
    CHECK(undone->kept == 0);
    CHECK(undone->told == 0);
    CHECK(dump(held.world) == before);
    CHECK(held.world.meeting(held.meeting).version > version);
    // Calendars that are fetched have had the change, and must see that it is off.
    CHECK(held.sequence() == served + 1);
    CHECK(violations(held.world) == "");
    CHECK(held.newest().undone_at);
    CHECK(describe(held.undo(held.newest().id)) == "conflict:undone_before");
  }
}

TEST_CASE("a change can be undone until its hold is over or another one has come") {
  Held held;
  held.move();
  const auto first = held.newest().id;
  held.move();
  const auto second = held.newest().id;
  CHECK(describe(held.undo(first)) == "conflict:changed_since");
  REQUIRE(held.undo(second).ok());
  CHECK(held.undo(first).ok());
  held.move();
  held.world.clock().advance(300s);
  CHECK(describe(held.undo(held.newest().id)) == "conflict:hold_over");
  CHECK_FALSE(held.newest().may_undo());
}

TEST_CASE("a change of which a mail has left cannot be undone") {
  Held held;
  held.world.pool().transact([](storage::Connection& connection) {
    connection.execute("UPDATE outgoing_mail SET state = 'sent'");
  });
  held.move();
  const auto before = dump(held.world);
  held.world.pool().transact([&](storage::Connection& connection) {
    const auto now = held.world.clock().now() + 300s;
    storage::claim_due_mails(connection, {"worker", now, now + 60s}, 500);
  });
  CHECK(describe(held.undo(held.newest().id)) == "conflict:mail_left");
  CHECK(dump(held.world) == before);
}

TEST_CASE("who withdraws while the change is held stays withdrawn") {
  Held held;
  held.change([](auto& form) { form.onsite.capacity = 1; });
  held.world.cancel(held.people[2]);  // had been confirmed and waits again

  const auto undone = held.undo(held.newest().id);

  REQUIRE_MESSAGE(undone.ok(), describe(undone));
  CHECK(undone->kept == 1);
  CHECK(held.world.load(held.people[1]).status == domain::RegistrationStatus::confirmed);
  CHECK(held.world.load(held.people[2]).status == domain::RegistrationStatus::cancelled);
  // The place is free again, and the first in line has it.
  CHECK(held.world.load(held.people[3]).status == domain::RegistrationStatus::confirmed);
  CHECK(violations(held.world) == "");
}

TEST_CASE("who registers while a move is held learns that it is off") {
  Held held;
  for (const std::size_t index : {4, 3, 2}) held.world.cancel(held.people[index]);
  held.move();
  const auto newcomer = held.world.enter(held.meeting, 6).registration.id;
  const auto count = held.world.mails().size();

  const auto undone = held.undo(held.newest().id);

  REQUIRE_MESSAGE(undone.ok(), describe(undone));
  CHECK(undone->told == 1);
  const auto last = held.world.facts().back();
  CHECK(last.to_name == "Osoba 6");
  CHECK(last.event->sequence == 2);
  CHECK(held.world.mails().size() < count);
  CHECK(held.world.load(newcomer).status == domain::RegistrationStatus::confirmed);
  CHECK(held.world.meeting(held.meeting).times.starts == last.starts);
}

TEST_CASE("a publication can be undone until somebody registers") {
  Held held;
  auto form = held.world.meeting_form();
  const auto draft = create_meeting(held.world.environment(), held.world.organizer(), form);
  REQUIRE(draft.ok());
  const auto publish = [&] {
    REQUIRE(publish_meeting(held.world.environment(), held.world.organizer(), draft->id).ok());
  };
  const auto undo = [&] {
    const auto changes =
        list_held_changes(held.world.environment(), held.world.organizer().actor, draft->id);
    REQUIRE(changes.ok());
    return undo_change(held.world.environment(), held.world.organizer(), draft->id,
                       changes->front().id);
  };
  publish();
  REQUIRE(undo().ok());
  CHECK(held.world.meeting(draft->id).status == domain::MeetingStatus::draft);
  publish();
  held.world.enter(draft->id, 1);
  CHECK(describe(undo()) == "conflict:somebody_registered");
}

TEST_CASE("what is offered to be undone says beforehand why it cannot be") {
  Held held;
  const auto first_in_line = held.people.at(3);
  held.change([](auto& form) { form.onsite.capacity = 4; });
  CHECK(held.newest().obstacle == "");
  held.world.cancel(held.people.at(0));  // the last one waiting moves up
  held.world.enter(held.meeting, 6);
  held.world.enter(held.meeting, 7);
  const auto before = dump(held.world);
  const auto offered = held.newest();
  CHECK(describe(held.undo(offered.id)) ==
        (offered.may_undo() ? "ok" : "conflict:" + offered.obstacle));
  if (!offered.may_undo()) CHECK(dump(held.world) == before);
  CHECK(held.world.load(first_in_line).status != domain::RegistrationStatus::cancelled);
}

TEST_CASE("without a hold nothing is kept for undoing") {
  Held held;
  held.world.environment().hold_seconds = 0;
  const auto before = held.world.count("held_change");
  held.move();
  CHECK(held.world.count("held_change") == before);
}

TEST_CASE("undoing leaves alone what is not the editor's") {
  Held held;
  held.move();
  held.execute("UPDATE meeting SET has_place_rules = 1, asks_challenge = 1");
  REQUIRE(held.undo(held.newest().id).ok());
  CHECK(held.number("SELECT has_place_rules FROM meeting") == 1);
  CHECK(held.number("SELECT asks_challenge FROM meeting") == 1);
}

TEST_CASE("who has edited something of theirs meanwhile keeps the meeting in the calendar") {
  // Whoever comes another way by now is told the place of then: SEQUENCE is the meeting's own.
  for (const auto& [name, edit, told] : std::vector<std::tuple<std::string, std::string, int>>{
           {"a detail", "needs = 'pętla indukcyjna'", 0}, {"the mode", "mode = 'online'", 2}}) {
    CAPTURE(name);
    Held held;
    const auto id = std::to_string(held.people.front().value);
    const auto standing = [&] {
      return held.number("SELECT invited * 100 + calendar_sequence FROM registration WHERE id = " +
                         id);
    };
    const auto before = standing();
    const auto mails = held.world.mails().size();
    REQUIRE(cancel_meeting(held.world.environment(), held.world.organizer(), held.meeting, "Awaria")
                .ok());
    CHECK(standing() != before);
    held.execute("UPDATE registration SET version = version + 1, " + edit + " WHERE id = " + id);

    const auto undone = held.undo(held.newest().id);

    REQUIRE_MESSAGE(undone.ok(), describe(undone));
    CHECK(undone->kept == 0);
    for (const auto& mail : held.world.mails_after(mails)) CHECK(mail.method != "CANCEL");
    CHECK(standing() == before + told);
    CHECK(held.number("SELECT COUNT(*) FROM registration WHERE id = " + id + " AND " + edit) == 1);
  }
}

TEST_CASE("offers that somebody has missed are missed again when a change is undone") {
  Held held;
  const auto id = std::to_string(held.people.at(3).value);
  held.execute("UPDATE registration SET missed_offers = 1 WHERE id = " + id);
  held.change([](auto& form) { form.onsite.capacity = 5; });
  CHECK(held.number("SELECT missed_offers FROM registration WHERE id = " + id) == 0);
  REQUIRE(held.undo(held.newest().id).ok());
  CHECK(held.number("SELECT missed_offers FROM registration WHERE id = " + id) == 1);
}
