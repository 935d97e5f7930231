// A change undone within its hold is as if it had never been made; what others did meanwhile stays.
#include "service/usecases/meetings/held_changes.h"

#include <doctest/doctest.h>

#include <functional>
#include <future>

#include "service/usecases/meetings/bin.h"
#include "service/usecases/meetings/cycles.h"
#include "sql/bin_store.h"
#include "sql/connection.h"
#include "sql/mail_delivery_store.h"
#include "sql/seat_store.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;
using usecases::Shrinking;

namespace {

// Everything that a change may touch, but for what only ever rises and says when.
std::vector<std::string> dump(RegistrationWorld& world) {
  std::vector<std::string> lines;
  const auto add = [&](storage::Connection& connection, const std::string& sql) {
    for (const auto row : connection.query(sql)) lines.push_back(row.text(0));
  };
  world.pool().read([&](storage::Connection& connection) {
    lines.clear();
    add(connection,
        "SELECT CONCAT_WS('|', 'meeting', id, slug, title, status, starts, ends, tzid, "
        "starts_at, ends_at, COALESCE(previous_starts, '-'), summary, cancel_reason, "
        "COALESCE(onsite_capacity, '-'), onsite_confirmed, onsite_waiting, pending, "
        "COALESCE(cancelled_at, '-'), COALESCE(binned_at, '-'), status_before_bin) FROM meeting "
        "ORDER BY id");
    add(connection,
        "SELECT CONCAT_WS('|', 'place', meeting_id, position, name, address, room, "
        "COALESCE(institution_id, '-')) FROM meeting_place ORDER BY meeting_id, position");
    add(connection,
        "SELECT CONCAT_WS('|', 'registration', id, status, mode, queue_number, sequence_offset, "
        "invited, COALESCE(confirmed_at, '-'), COALESCE(cancelled_at, '-')) FROM registration "
        "ORDER BY id");
    add(connection,
        "SELECT CONCAT('mail|', id, '|', kind, '|', facts) FROM outgoing_mail ORDER BY id");
    add(connection, "SELECT CONCAT('invitation|', id) FROM invitation ORDER BY id");
    add(connection, "SELECT CONCAT('token|', HEX(token_hash)) FROM registration_token ORDER BY 1");
    return true;
  });
  return lines;
}

// But for the log, which remembers changes whose mails are gone.
std::string violations(RegistrationWorld& world) {
  std::string text;
  for (const auto& line : world.find_violations()) {
    if (!line.starts_with("each change of a registration has one mail")) text += line + "\n";
  }
  return text;
}

struct Held {
  Held() {
    world.environment().hold_seconds = 300;
    meeting = world.publish(3).id;
    world.clock().advance(1h);
    for (int number = 1; number <= 5; ++number) {
      people.push_back(world.enter(meeting, number).registration.id);
    }
    world.clock().advance(1h);
  }
  usecases::MeetingForm form() {
    auto form = load_meeting_form(world.environment(), world.organizer().actor, meeting);
    REQUIRE(form.ok());
    return *form;
  }
  void change(const std::function<void(usecases::MeetingForm&)>& edit) {
    auto changed = form();
    edit(changed);
    const auto outcome =
        change_meeting(world.environment(), world.organizer(), meeting,
                       world.meeting(meeting).version, changed, Shrinking::to_waiting_list);
    INFO(describe(outcome));
    REQUIRE(outcome.ok());
  }
  void move() {
    change([](auto& form) { form.starts += 24h, form.ends += 24h; });
  }
  usecases::HeldChange newest() {
    const auto changes = list_held_changes(world.environment(), world.organizer().actor, meeting);
    REQUIRE(changes.ok());
    REQUIRE_FALSE(changes->empty());
    return changes->front();
  }
  // Of meetings in the bin, too.
  std::int64_t number(const std::string& sql) {
    return world.pool().read([&](storage::Connection& connection) {
      const auto rows = connection.query(sql);
      return rows.empty() || rows[0].is_null(0) ? -1 : rows[0].integer(0);
    });
  }
  std::int64_t sequence() {
    return number("SELECT sequence FROM meeting WHERE id = " + std::to_string(meeting.value));
  }
  void execute(const std::string& sql) {
    world.pool().transact([&](storage::Connection& connection) { connection.execute(sql); });
  }
  domain::Cycle publish_cycle() {
    usecases::CycleForm form;
    form.title = "Szkoła prototypowania";
    form.meetings = {world.meeting_form(5)};
    const auto cycle = create_cycle(world.environment(), world.organizer(), form);
    REQUIRE_MESSAGE(cycle.ok(), describe(cycle));
    auto published = usecases::publish_cycle(world.environment(), world.organizer(), cycle->id);
    REQUIRE_MESSAGE(published.ok(), describe(published));
    return std::move(published).value();
  }
  void remove(domain::MeetingId id) {
    const auto deleted = delete_meeting(world.environment(), world.organizer(), id, "");
    REQUIRE_MESSAGE(deleted.ok(), describe(deleted));
  }
  void remove(domain::CycleId id) {
    const auto deleted = delete_cycle(world.environment(), world.organizer(), id, "");
    REQUIRE_MESSAGE(deleted.ok(), describe(deleted));
  }
  usecases::Purge purge_after_a_month() {
    world.clock().advance(std::chrono::days(30) + 1s);
    return usecases::purge_bin(world.environment());
  }
  domain::Outcome<usecases::Undone> undo(domain::HeldChangeId id) {
    return undo_change(world.environment(), world.organizer(), meeting, id);
  }
  RegistrationWorld world;
  domain::MeetingId meeting;
  std::vector<domain::RegistrationId> people;
};

}  // namespace

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
  CHECK_FALSE(held.newest().may_undo);
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

TEST_CASE("without a hold nothing is kept for undoing") {
  Held held;
  held.world.environment().hold_seconds = 0;
  const auto before = held.world.count("held_change");
  held.move();
  CHECK(held.world.count("held_change") == before);
}

TEST_CASE("what lies in the bin is found by nobody and comes back as it was") {
  Held held;
  auto& environment = held.world.environment();
  const auto organizer = held.world.organizer();
  const auto key = std::to_string(held.meeting.value);
  REQUIRE(delete_meeting(environment, organizer, held.meeting, "Awaria").ok());
  CHECK_FALSE(find_meeting(environment, organizer.actor, key).ok());
  CHECK(list_meetings(environment, organizer.actor, {}, {}).items.empty());
  CHECK(describe(held.world.try_register(held.meeting, RegistrationWorld::person(9))) ==
        "not_found");
  const auto bin = list_bin(environment, organizer.actor);
  REQUIRE(bin.ok());
  REQUIRE(bin->size() == 1);
  CHECK(bin->front().status_before == "cancelled");
  CHECK(bin->front().purged_at == held.world.clock().now() + std::chrono::days(30));

  REQUIRE(restore_meeting(environment, organizer, held.meeting).ok());
  CHECK(held.world.meeting(held.meeting).status == domain::MeetingStatus::cancelled);
  CHECK(describe(restore_meeting(environment, organizer, held.meeting)) == "conflict:not_in_bin");
}

TEST_CASE("after thirty days in the bin nothing stays of a meeting but the log") {
  Held held;
  auto& environment = held.world.environment();
  REQUIRE(delete_meeting(environment, held.world.organizer(), held.meeting, "").ok());
  held.world.clock().advance(std::chrono::days(30));
  usecases::purge_bin(environment);
  CHECK(held.world.count("meeting") == 1);
  held.world.clock().advance(1s);
  usecases::purge_bin(environment);
  for (const char* table : {"meeting", "registration", "outgoing_mail", "invitation", "held_change",
                            "registration_token", "clause_acceptance"}) {
    CAPTURE(table);
    CHECK(held.world.count(table) == 0);
  }
}

TEST_CASE("a draft that is deleted is gone at once") {
  Held held;
  auto& environment = held.world.environment();
  const auto draft = create_meeting(environment, held.world.organizer(), held.world.meeting_form());
  REQUIRE(draft.ok());
  const auto deleted = delete_meeting(environment, held.world.organizer(), draft->id, "");
  REQUIRE(deleted.ok());
  CHECK(*deleted == usecases::Deleted::for_good);
  CHECK(held.world.count("meeting") == 1);
}

TEST_CASE("a meeting does not come back into a cycle that lies in the bin") {
  Held held;
  const auto cycle = held.publish_cycle();
  held.meeting = cycle.meetings.front().id;
  held.world.enter(held.meeting, 1);
  held.remove(held.meeting);
  CHECK(held.newest().may_undo);
  held.remove(cycle.id);
  CHECK_FALSE(held.newest().may_undo);
  CHECK(describe(held.undo(held.newest().id)) == "conflict:cycle_in_bin");
  held.purge_after_a_month();
  CHECK(held.world.count("cycle") == 0);
  CHECK(held.world.count("meeting") == 1);
}

TEST_CASE("a meeting does not come back into the cycle it was moved out of and that was deleted") {
  Held held;
  const auto cycle = held.publish_cycle();
  held.meeting = cycle.meetings.front().id;
  held.world.enter(held.meeting, 1);
  held.change([](auto& form) { form.cycle.clear(), form.starts += 24h, form.ends += 24h; });
  held.remove(cycle.id);
  CHECK(describe(held.undo(held.newest().id)) == "conflict:cycle_in_bin");
  CHECK_FALSE(held.world.meeting(held.meeting).cycle);
}

TEST_CASE("who came by a cycle stays registered for a meeting that has left it") {
  Held held;
  const auto cycle = held.publish_cycle();
  const auto other = held.publish_cycle();
  held.meeting = cycle.meetings.front().id;
  const auto enrolled = usecases::enrol_person(held.world.environment(), held.world.visitor(),
                                               cycle.slug, RegistrationWorld::person(7));
  REQUIRE_MESSAGE(enrolled.ok(), describe(enrolled));
  const auto registration = enrolled->registrations.front().id;
  held.change([&](auto& form) { form.cycle = other.slug; });
  held.remove(cycle.id);
  held.purge_after_a_month();
  CHECK(held.number("SELECT COUNT(*) FROM cycle WHERE id = " + std::to_string(cycle.id.value)) ==
        0);
  const auto kept = held.world.load(registration);
  CHECK(kept.status == domain::RegistrationStatus::confirmed);
  CHECK_FALSE(kept.enrolment);
}

TEST_CASE("a meeting that is not in the bin outlives its cycle and stands alone") {
  Held held;
  const auto cycle = held.publish_cycle();
  const auto session = cycle.meetings.front().id;
  held.world.enter(session, 1);
  held.remove(cycle.id);
  held.execute("UPDATE meeting SET status = 'published', binned_at = NULL WHERE id = " +
               std::to_string(session.value));
  held.purge_after_a_month();
  CHECK(held.world.count("cycle") == 0);
  CHECK_FALSE(held.world.meeting(session).cycle);
}

TEST_CASE("what cannot be purged does not keep the rest in the bin") {
  Held held;
  const auto second = held.world.publish(3).id;
  const auto cycle = held.publish_cycle();
  held.remove(held.meeting);
  held.world.clock().advance(1s);
  held.remove(second);
  held.remove(cycle.id);
  held.execute(
      "CREATE TABLE souvenir (id BIGINT NOT NULL PRIMARY KEY, FOREIGN KEY (id) REFERENCES "
      "meeting_place (meeting_id)) ENGINE=InnoDB");
  held.execute("INSERT INTO souvenir VALUES (" + std::to_string(held.meeting.value) + ")");
  const auto purge = held.purge_after_a_month();
  CHECK(purge.removed == 3);
  REQUIRE(purge.failures.size() == 1);
  CHECK(purge.failures.front().starts_with("meeting " + std::to_string(held.meeting.value) + ": "));
  CHECK(held.number("SELECT id FROM meeting") == held.meeting.value);
  CHECK(held.world.count("meeting") == 1);
  CHECK(held.world.count("cycle") == 0);
}

TEST_CASE("what is restored while the bin is emptied stays") {
  Held held;
  const auto cycle = held.publish_cycle();
  held.remove(held.meeting);
  held.remove(cycle.id);
  held.world.clock().advance(std::chrono::days(30) + 1s);
  const auto now = held.world.clock().now();
  std::future<int> purged;
  held.world.pool().transact([&](storage::Connection& connection) {
    storage::restore_cycle(connection, cycle.id, now);
    storage::restore_meeting(connection, cycle.meetings.front().id, now);
    storage::restore_meeting(connection, held.meeting, now);
    purged = std::async(std::launch::async,
                        [&] { return usecases::purge_bin(held.world.environment()).removed; });
    for (int rounds = 0; rounds < 100 && purged.wait_for(50ms) != std::future_status::ready;
         ++rounds) {
      if (held.number("SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = "
                      "'LOCK WAIT'") > 0) {
        break;
      }
    }
    return true;
  });
  CHECK(purged.get() == 0);
  CHECK(held.world.count("meeting") == 2);
  CHECK(held.world.count("cycle") == 1);
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
  for (const auto& [name, edit, kept] : std::vector<std::tuple<std::string, std::string, int>>{
           {"a detail", "needs = 'pętla indukcyjna'", 0}, {"the mode", "mode = 'online'", 1}}) {
    CAPTURE(name);
    Held held;
    const auto id = std::to_string(held.people.front().value);
    const auto standing = [&] {
      return held.number("SELECT invited * 100 + sequence_offset FROM registration WHERE id = " +
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
    CHECK(undone->kept == kept);
    for (const auto& mail : held.world.mails_after(mails)) CHECK(mail.method != "CANCEL");
    CHECK(standing() == before);
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
