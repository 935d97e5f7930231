// Meetings and cycles that are deleted: the bin, back from it, and gone for good.
#include "service/usecases/meetings/bin.h"

#include <doctest/doctest.h>

#include <functional>
#include <future>

#include "service/usecases/mails/mail_pauses.h"
#include "sql/bin_store.h"
#include "sql/connection.h"
#include "tests/storage/held_world.h"

using namespace narada;
using namespace narada::testing;
using namespace std::chrono_literals;

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

TEST_CASE("a meeting whose mails are paused leaves the calendars when it is deleted") {
  Held held;
  auto& environment = held.world.environment();
  const usecases::MailPauseScope scope{usecases::MailPauseScope::Of::meeting, held.meeting};
  REQUIRE(usecases::pause_mails(environment, held.world.organizer(), scope).ok());
  REQUIRE(held.world.count("mail_pause") == 1);
  REQUIRE(delete_meeting(environment, held.world.organizer(), held.meeting, "Awaria").ok());
  CHECK(held.world.count("mail_pause") == 0);
  CHECK(held.world.count("outgoing_mail WHERE paused = 1") == 0);
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
  CHECK(held.newest().may_undo());
  held.remove(cycle.id);
  CHECK_FALSE(held.newest().may_undo());
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

TEST_CASE("a whole cycle that was deleted is undone in one step, as if it had never been") {
  Held held;
  const auto cycle = held.publish_full_cycle();
  const auto before = dump(held.world);
  CHECK_FALSE(held.deletion(cycle.id));
  held.remove(cycle.id);
  REQUIRE(dump(held.world) != before);
  const auto deletion = held.deletion(cycle.id);
  REQUIRE(deletion);
  CHECK(deletion->mails == 6);
  CHECK(deletion->obstacle == "");
  CHECK(deletion->held_until == held.world.clock().now() + 300s);

  const auto undone = held.undo_deletion(cycle.id);

  REQUIRE_MESSAGE(undone.ok(), describe(undone));
  CHECK(undone->kept == 0);
  CHECK(dump(held.world) == before);
  CHECK(violations(held.world) == "");
  CHECK(held.number("SELECT COUNT(*) FROM cycle WHERE status = 'published'") == 1);
  CHECK(describe(held.undo_deletion(cycle.id)) == "conflict:not_in_bin");
}

TEST_CASE("of a deleted cycle all is undone or nothing") {
  struct Case {
    std::string name;
    std::function<void(Held&, const domain::Cycle&)> meanwhile;
    std::string refusal;
  };
  const std::vector<Case> cases = {
      {"the hold is over", [](Held& held, const auto&) { held.world.clock().advance(300s); },
       "hold_over"},
      {"a mail of the second meeting has left",
       [](Held& held, const auto& cycle) {
         held.execute(
             "UPDATE outgoing_mail SET state = 'sent', last_attempt_at = created_at WHERE "
             "kind = 'meeting_cancelled' AND meeting_id = " +
             std::to_string(cycle.meetings.back().id.value));
       },
       "mail_left"},
      {"without a hold", [](Held& held, const auto&) { held.execute("DELETE FROM held_change"); },
       "hold_over"}};
  for (const auto& [name, meanwhile, refusal] : cases) {
    CAPTURE(name);
    Held held;
    const auto cycle = held.publish_full_cycle();
    held.remove(cycle.id);
    meanwhile(held, cycle);
    const auto before = dump(held.world);
    CHECK(describe(held.undo_deletion(cycle.id)) == "conflict:" + refusal);
    CHECK(dump(held.world) == before);
    CHECK(held.number("SELECT COUNT(*) FROM cycle WHERE status = 'binned'") == 1);
    const auto deletion = held.deletion(cycle.id);
    CHECK((deletion ? deletion->obstacle : "hold_over") == refusal);
  }
}

TEST_CASE("a meeting that lay in the bin before its cycle stays there") {
  Held held;
  const auto cycle = held.publish_full_cycle();
  held.remove(cycle.meetings.front().id);
  held.world.clock().advance(1s);
  held.remove(cycle.id);
  REQUIRE(held.undo_deletion(cycle.id).ok());
  CHECK(held.number("SELECT COUNT(*) FROM meeting WHERE status = 'binned'") == 1);
  CHECK(held.world.meeting(cycle.meetings.back().id).status == domain::MeetingStatus::published);
}

TEST_CASE("a cycle comes back from the bin with its meetings, and publishes itself if it was to") {
  Held held;
  const auto cycle = held.publish_full_cycle();
  const auto id = std::to_string(cycle.id.value);
  const auto until = [&](const std::string& at) {
    held.execute("UPDATE cycle SET status = 'draft', publish_at = '" + at + "' WHERE id = " + id);
    held.remove(cycle.id);
    REQUIRE(restore_cycle(held.world.environment(), held.world.organizer(), cycle.id).ok());
    CHECK(held.number("SELECT COUNT(*) FROM meeting WHERE status = 'binned'") == 0);
    return held.number("SELECT publish_at IS NOT NULL FROM cycle WHERE id = " + id);
  };
  CHECK(until("2027-01-10 09:00:00") == 1);
  CHECK(until("2027-01-04 09:00:00") == 0);
}
