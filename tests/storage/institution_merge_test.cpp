#include "service/usecases/institutions/institution_merge.h"

#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <thread>

#include "service/usecases/institutions/institutions_panel.h"
#include "sql/institution_merge_store.h"
#include "sql/institution_store.h"
#include "tests/storage/two_entries.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;
using domain::InstitutionId;

namespace {

Call by_system() {
  Call call;
  call.actor.kind = Actor::Kind::system;
  return call;
}

}  // namespace

TEST_CASE("every column that refers to an institution is one that a merge moves") {
  TwoEntries world;
  std::set<std::string> known;
  for (const auto& [table, column, only] : storage::link_columns())
    known.insert(std::string(table) + "." + std::string(column));
  std::set<std::string> expected{"person_role.scope_id"};
  for (const auto& column :
       world.rows("SELECT CONCAT(table_name, '.', column_name) FROM information_schema.columns"
                  " WHERE table_schema = DATABASE() AND column_name = 'institution_id'"
                  " UNION SELECT CONCAT(table_name, '.', column_name)"
                  " FROM information_schema.key_column_usage WHERE table_schema = DATABASE()"
                  " AND referenced_table_name = 'institution'"
                  " AND table_name NOT IN ('institution', 'institution_merge')"))
    expected.insert(column);
  CHECK(known == expected);
}

TEST_CASE("a merge moves everything to the one that stays") {
  TwoEntries world;
  CHECK(world.links(world.from) == Counts{{"association_membership", 2},
                                          {"cycle_institution", 2},
                                          {"enrolment", 1},
                                          {"expert", 1},
                                          {"institution_alias", 2},
                                          {"meeting_institution", 1},
                                          {"meeting_place", 1},
                                          {"person", 1},
                                          {"person_role", 2},
                                          {"practice_institution", 2},
                                          {"program_item_institution", 2},
                                          {"recess", 1},
                                          {"registration", 1}});
  const auto preview =
      preview_merge(world.environment(), world.organizer().actor, world.from, world.into);
  REQUIRE(preview);
  Counts same;
  for (const auto& count : preview->counts)
    if (count.same > 0) same[count.what] = count.same;
  CHECK(same == Counts{{"association_membership", 1},
                       {"cycle_institution", 1},
                       {"institution_alias", 1},
                       {"meeting_institution", 1},
                       {"person_role", 1},
                       {"practice_institution", 1},
                       {"program_item_institution", 1}});

  CHECK(world.merge(world.from, world.into) == "ok");
  CHECK(world.links(world.from).empty());
  CHECK(world.links(world.into) == Counts{{"association_membership", 2},
                                          {"cycle_institution", 2},
                                          {"enrolment", 1},
                                          {"expert", 1},
                                          {"institution_alias", 3},
                                          {"meeting_institution", 1},
                                          {"meeting_place", 2},
                                          {"person", 2},
                                          {"person_role", 2},
                                          {"practice_institution", 2},
                                          {"program_item_institution", 2},
                                          {"recess", 1},
                                          {"registration", 2}});
  CHECK(world.rows("SELECT alias FROM institution_alias WHERE institution_id = ? ORDER BY alias",
                   {world.into}) == Lines{"Miasto Gliwice", "UM Gliwice", "urząd gliwice"});
  // The place in order of the two is the first of both.
  CHECK(world.rows("SELECT position FROM practice_institution WHERE practice_id = 1") ==
        Lines{"0"});
  CHECK(world.rows("SELECT CONCAT(active, ' ', merged_into) FROM institution WHERE id = ?",
                   {world.from}) == Lines{"0 " + std::to_string(world.into.value)});
  CHECK(find_successor(world.environment(), "gliwice-um")->id == world.into);
  CHECK_FALSE(find_successor(world.environment(), "gliwice"));
  CHECK(world.find_violations().empty());
}

TEST_CASE("what cannot be merged or undone says why") {
  TwoEntries world;
  CHECK(world.merge(world.from, world.from) == "into:same_institution");
  CHECK(world.merge(world.into, world.from) == "into:merge_loses_teryt");
  CHECK(world.merge(world.from, InstitutionId{9999}) == "not_found");
  world.run("UPDATE institution SET active = 0 WHERE id = ?", {world.other});
  CHECK(world.merge(world.from, world.other) == "into:merge_inactive");
  const auto nobody =
      merge_institutions(world.environment(), world.visitor(), world.from, world.into);
  CHECK(describe(nobody) == "forbidden");

  // One that was out of use is so again.
  REQUIRE(world.merge(world.other, world.into) == "ok");
  CHECK(world.merge(world.other, world.into) == "conflict:institution_merged");
  CHECK(world.undo(world.last) == "ok");
  CHECK(world.rows("SELECT active FROM institution WHERE id = ?", {world.other}) == Lines{"0"});

  REQUIRE(world.merge(world.from, world.into) == "ok");
  world.clock().advance(std::chrono::hours(30 * 24) - std::chrono::seconds(1));
  const auto listed = list_merges(world.environment(), world.organizer().actor, {});
  REQUIRE(listed);
  CHECK(listed->items.front().can_undo);
  CHECK(listed->items.front().merge.from_name == "UM Gliwice");
  world.clock().advance(std::chrono::seconds(1));
  CHECK_FALSE(list_merges(world.environment(), world.organizer().actor, {})->items[0].can_undo);
  CHECK(world.undo(world.last) == "conflict:merge_too_old");
  CHECK(world.undo(domain::InstitutionMergeId{777}) == "not_found");
}

TEST_CASE("roles held for an institution are moved by those who may manage people alone") {
  TwoEntries world;
  const Dump before = world.dump();
  const auto merge_as = [&](const Call& call) {
    return describe(merge_institutions(world.environment(), call, world.from, world.into));
  };
  const auto needs_admin = [&](const Call& call) {
    const auto preview = preview_merge(world.environment(), call.actor, world.from, world.into);
    return preview && preview->needs_admin;
  };
  CHECK(needs_admin(world.organizer()));
  CHECK_FALSE(needs_admin(by_admin()));
  CHECK(merge_as(world.organizer()) == "conflict:merge_needs_admin");
  CHECK(world.dump() == before);
  REQUIRE(world.merge(world.from, world.into) == "ok");
  CHECK(describe(undo_merge(world.environment(), world.organizer(), world.last)) ==
        "conflict:undo_needs_admin");
  CHECK(world.undo(world.last) == "ok");
  CHECK(world.dump() == before);

  world.run("DELETE FROM person_role WHERE scope_kind = 'institution'");
  CHECK_FALSE(needs_admin(world.organizer()));
  CHECK(merge_as(world.organizer()) == "ok");
}

TEST_CASE("what comes in late for a merged institution goes the same way, and comes back") {
  TwoEntries world;
  REQUIRE(world.merge(world.from, world.into) == "ok");
  const Call system = by_system();
  CHECK(collect_late_rows(world.environment(), system) == 0);
  const auto late = world.enter(world.meeting, 3).registration.id;
  world.run("UPDATE registration SET institution_id = ? WHERE id = ?", {world.from, late});
  world.run("INSERT INTO institution_alias (institution_id, alias) VALUES (?, 'Urząd Gliwice')",
            {world.from});
  CHECK(collect_late_rows(world.environment(), system) == 1);
  CHECK(world.links(world.from).empty());
  CHECK(collect_late_rows(world.environment(), system) == 0);
  REQUIRE(world.undo(world.last) == "ok");
  CHECK(world.rows("SELECT institution_id FROM registration WHERE id = ?", {late}) ==
        Lines{std::to_string(world.from.value)});
  CHECK(world.find_violations().empty());
}

TEST_CASE("nobody is lost who registers while their institution is merged") {
  TwoEntries world;
  const auto meeting = world.publish(500).id;
  std::atomic<bool> stop{false};
  std::atomic<int> number{100};
  std::atomic<int> entered{0};
  {
    std::vector<std::jthread> people;
    for (int thread = 0; thread < 3; ++thread)
      people.emplace_back([&] {
        while (!stop && number < 400) {
          auto form = RegistrationWorld::person(++number);
          form.institution = std::to_string(world.from.value);
          if (world.try_register(meeting, form)) ++entered;
        }
      });
    while (entered < 10) std::this_thread::yield();
    CHECK(world.merge(world.from, world.into) == "ok");
    stop = true;
  }
  collect_late_rows(world.environment(), by_system());
  CHECK(world.links(world.from).empty());
  CHECK(world.rows("SELECT COUNT(*) FROM registration WHERE meeting_id = ? AND institution_id = ?",
                   {meeting, world.into}) == Lines{std::to_string(entered)});
  // By now nothing remembers it.
  auto late = RegistrationWorld::person(9000);
  late.institution = std::to_string(world.from.value);
  CHECK(describe(world.try_register(meeting, late)) == "institution:unknown_institution");
  CHECK(world.find_violations().empty());
}

TEST_CASE("invitees, recesses and kept places go to the one that stays, and come back") {
  TwoEntries world;
  const auto hold = [&](InstitutionId institution, const char* mode, int places) {
    world.run(
        "INSERT INTO place_hold (meeting_id, institution_id, mode, places) VALUES (?, ?, ?, ?)",
        {world.meeting, institution, mode, places});
  };
  hold(world.into, "onsite", 2);
  hold(world.from, "onsite", 3);
  hold(world.from, "online", 4);
  world.run(
      "INSERT INTO invitee (meeting_id, email, email_key, full_name, institution_id, source, state,"
      " created_by, created_at) VALUES (?, 'a@x.example', 'a@x.example', 'A', ?, 'typed', 'listed',"
      " 'person:1', '2027-01-04')",
      {world.meeting, world.from});
  const auto before = world.dump();
  const auto of = [&](const std::string& table, InstitutionId institution) {
    return world.rows("SELECT COUNT(*) FROM " + table + " WHERE institution_id = ?",
                      {institution})[0];
  };
  CHECK(of("place_hold", world.from) == "2");
  CHECK(of("recess", world.from) == "1");

  CHECK(world.merge(world.from, world.into) == "ok");
  for (const std::string table : {"place_hold", "recess", "invitee"}) {
    CAPTURE(table);
    CHECK(of(table, world.from) == "0");
  }
  CHECK(of("invitee", world.into) == "1");
  CHECK(of("recess", world.into) == "1");
  // What both held on site is held once, as the one that stays held it.
  CHECK(world.rows("SELECT CONCAT(mode, ' ', places) FROM place_hold WHERE institution_id = ?"
                   " ORDER BY mode",
                   {world.into}) == Lines{"online 4", "onsite 2"});

  CHECK(world.undo(world.last) == "ok");
  CHECK(world.dump() == before);
}
