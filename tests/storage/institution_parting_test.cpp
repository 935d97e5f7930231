#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <thread>

#include "service/usecases/institutions/institution_merge.h"
#include "service/usecases/institutions/institutions_panel.h"
#include "sql/institution_merge_store.h"
#include "sql/institution_store.h"
#include "sql/meeting_parts.h"
#include "sql/meeting_store.h"
#include "tests/storage/two_entries.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;
using domain::InstitutionId;

TEST_CASE("what is merged can be undone, row by row") {
  TwoEntries world;
  const Dump before = world.dump();
  REQUIRE(world.merge(world.from, world.into) == "ok");
  CHECK(world.dump() != before);
  CHECK(world.undo(world.last) == "ok");
  const Dump after = world.dump();
  for (const auto& [table, lines] : before) {
    CAPTURE(table);
    CHECK(after.at(table) == lines);
  }
  CHECK(world.undo(world.last) == "conflict:merge_undone");
  CHECK_FALSE(find_successor(world.environment(), "gliwice-um"));
  const auto verbs = world.rows(
      "SELECT CONCAT(verb, ' ', subject, ' ', details) FROM activity WHERE verb LIKE"
      " 'institution.merge%' ORDER BY id");
  const auto subject = " institution:" + std::to_string(world.from.value) +
                       " {\"into\":" + std::to_string(world.into.value) + "}";
  CHECK(verbs == Lines{"institution.merged" + subject, "institution.merge_undone" + subject});
}

TEST_CASE("undoing leaves alone what has changed since") {
  TwoEntries world;
  REQUIRE(world.merge(world.from, world.into) == "ok");
  // The registration went to another institution, the practice has lost its lead, the role is gone
  // and somebody new has come in.
  world.run("UPDATE registration SET institution_id = ? WHERE person_id = ?",
            {world.other, world.person});
  world.run("DELETE FROM practice_institution WHERE practice_id = 1");
  world.run("DELETE FROM person_role WHERE role = 'organizer'");
  world.enter(world.meeting, 3);
  REQUIRE(world.undo(world.last) == "ok");
  CHECK(world.rows("SELECT institution_id FROM registration WHERE person_id = ?", {world.person}) ==
        Lines{std::to_string(world.other.value)});
  CHECK(world.rows("SELECT practice_id FROM practice_institution WHERE institution_id = ?",
                   {world.from}) == Lines{"2"});
  CHECK(world.rows("SELECT role FROM person_role WHERE scope_kind = 'institution'"
                   " AND scope_id = ? ORDER BY role",
                   {world.from}) == Lines{"coordinator"});
  CHECK(world.links(world.into).at("registration") == 2);
  CHECK(world.find_violations().empty());
}

// Every edit deletes and inserts these rows anew, as the panel and the planner do.
TEST_CASE("undoing gives back aliases, places and the program after edits, and counts the rest") {
  TwoEntries world;
  REQUIRE(world.merge(world.from, world.into) == "ok");
  world.enter_anew();
  REQUIRE(world.undo(world.last) == "ok");
  CHECK(world.left_behind() == Lines{"0"});
  CHECK(world.names_of(world.from) == Lines{"Miasto Gliwice", "urząd gliwice"});
  CHECK(world.names_of(world.into) == Lines{"urząd gliwice"});
  CHECK(world.program_of(world.from) == Lines{"a", "b"});
  CHECK(world.program_of(world.into) == Lines{"a"});
  CHECK(world.rows("SELECT name FROM meeting_place WHERE institution_id = ?", {world.from}) ==
        Lines{"Ratusz"});

  // What reads otherwise by now, or is gone, stays away, and is counted.
  REQUIRE(world.merge(world.from, world.into) == "ok");
  world.enter_anew();
  world.run("UPDATE program_item SET title = 'c' WHERE title = 'b'");
  world.run("UPDATE meeting_place SET name = 'Rynek' WHERE name = 'Ratusz'");
  world.run("DELETE FROM institution_alias WHERE alias IN ('Miasto Gliwice', 'urząd gliwice')");
  world.run("UPDATE registration SET institution_id = ? WHERE person_id = ?",
            {world.other, world.person});
  REQUIRE(world.undo(world.last) == "ok");
  CHECK(world.left_behind() == Lines{"5"});
  CHECK(world.names_of(world.from).empty());
  CHECK(world.program_of(world.from) == Lines{"a"});
  const auto listed = list_merges(world.environment(), world.organizer().actor, {});
  REQUIRE(listed);
  CHECK(listed->items.front().merge.left_behind == 5);
  CHECK(listed->items.back().merge.left_behind == 0);
}

TEST_CASE("a later merge leans on an earlier one after an edit of the program too") {
  TwoEntries world;
  const auto third = world.add("Gliwice – miasto", "gliwice-3");
  world.run(
      "INSERT INTO program_item_institution (program_item_id, institution_id, position) VALUES"
      " (2, ?, 1)",
      {third});
  REQUIRE(world.merge(world.from, world.into) == "ok");
  const auto first = world.last;
  world.enter_anew();
  REQUIRE(world.merge(third, world.into) == "ok");
  CHECK(world.undo(first) == "conflict:merge_undo_order");
}

// Enrolling locks the cycle, the enrolment and then its meetings.
TEST_CASE("a merge and its undoing wait for an enrolment before they lock a meeting") {
  TwoEntries world;
  const auto holds_no_meeting_while = [&](const auto& work) {
    std::jthread worker;
    world.pool().transact([&](storage::Connection& connection) {
      connection.query("SELECT id FROM enrolment FOR UPDATE");
      worker = std::jthread(work);
      const auto waiting =
          "SELECT 1 FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
      while (world.rows(waiting).empty())
        std::this_thread::sleep_for(std::chrono::milliseconds(150));
      CHECK(
          connection
              .query("SELECT id FROM meeting WHERE id = ? FOR UPDATE SKIP LOCKED", {world.meeting})
              .size() == 1);
    });
  };
  std::string outcome;
  holds_no_meeting_while([&] { outcome = world.merge(world.from, world.into); });
  CHECK(outcome == "ok");
  holds_no_meeting_while([&] { outcome = world.undo(world.last); });
  CHECK(outcome == "ok");
}

TEST_CASE("a chain of merges is undone from its end") {
  TwoEntries world;
  const Dump before = world.dump();
  REQUIRE(world.merge(world.from, world.other) == "ok");
  const auto first = world.last;
  REQUIRE(world.merge(world.other, world.into) == "ok");
  const auto second = world.last;
  CHECK(find_successor(world.environment(), "gliwice-um")->id == world.into);
  CHECK(world.undo(first) == "conflict:merge_undo_order");
  CHECK(world.undo(second) == "ok");
  CHECK(find_successor(world.environment(), "gliwice-um")->id == world.other);
  CHECK(world.undo(first) == "ok");
  CHECK(world.dump() == before);
}

TEST_CASE(
    "of two merges into one institution the first is undone alone unless the second needs it") {
  TwoEntries world;
  const auto third = world.add("Gliwice – miasto", "gliwice-3");
  REQUIRE(world.merge(world.from, world.into) == "ok");
  const auto first = world.last;
  REQUIRE(world.merge(third, world.into) == "ok");
  CHECK(world.undo(first) == "ok");
  CHECK(world.undo(world.last) == "ok");

  const Dump before = world.dump();
  world.run(
      "INSERT INTO practice_institution (practice_id, institution_id, position) VALUES"
      " (2, ?, 1)",
      {third});
  const Dump with_third = world.dump();
  REQUIRE(world.merge(world.from, world.into) == "ok");
  const auto again = world.last;
  REQUIRE(world.merge(third, world.into) == "ok");
  CHECK(world.undo(again) == "conflict:merge_undo_order");
  CHECK(world.undo(world.last) == "ok");
  CHECK(world.undo(again) == "ok");
  CHECK(world.dump() == with_third);
  CHECK(with_third != before);
}
