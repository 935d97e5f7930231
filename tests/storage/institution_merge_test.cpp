#include "service/usecases/institutions/institution_merge.h"

#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "service/usecases/institutions/institutions_panel.h"
#include "sql/institution_merge_store.h"
#include "sql/institution_store.h"
#include "sql/meeting_parts.h"
#include "sql/meeting_store.h"
#include "tests/support/registration_world.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;
using domain::InstitutionId;

namespace {

using Lines = std::vector<std::string>;
using Counts = std::map<std::string, int>;
using Dump = std::map<std::string, Lines>;

Call by_admin() {
  Call call;
  call.actor = Actor{Actor::Kind::token, 1, {{Role::admin, {}}}};
  return call;
}

Call by_system() {
  Call call;
  call.actor.kind = Actor::Kind::system;
  return call;
}

// A world with two entries of one city, the second with rows in every table that can have any, some
// of which the first has too.
struct TwoEntries : RegistrationWorld {
  TwoEntries() {
    into = id_of("gliwice");
    from = add("UM Gliwice", "gliwice-um");
    other = add("Gliwice (urząd)", "gliwice-urzad");
    meeting = publish().id;
    const auto registered = enter(meeting, 1);
    run("UPDATE registration SET institution_id = ? WHERE id = ?",
        {from, registered.registration.id});
    run("UPDATE person SET institution_id = ? WHERE id = ?",
        {from, registered.registration.person.id});
    person = registered.registration.person.id;
    enter(meeting, 2);
    fill(from, 1);
    fill(into, 0);
  }

  InstitutionId id_of(const std::string& slug) {
    return pool().read([&](storage::Connection& connection) {
      return connection.query("SELECT id FROM institution WHERE slug = ?", {slug})[0]
          .id<InstitutionId>(0);
    });
  }
  InstitutionId add(const std::string& name, const std::string& slug) {
    run("INSERT INTO institution (slug, name, kind, created_at, updated_at) VALUES (?, ?, 'other',"
        " '2026-01-01', '2026-01-01')",
        {slug, name});
    return id_of(slug);
  }
  void run(const std::string& sql, const std::vector<storage::Parameter>& parameters = {}) {
    pool().transact([&](storage::Connection& connection) { connection.execute(sql, parameters); });
  }

  // `own`: 1 has what the other has, before it in order, and more.
  void fill(InstitutionId institution, int own) {
    run("INSERT IGNORE INTO association (id, code, name) VALUES (1, 'GZM', 'Metropolia'),"
        " (2, 'ZMP', 'Związek')");
    run("INSERT IGNORE INTO cycle (id, slug, title, status, summary, challenge, goal, effects,"
        " materials, participants_text, source_urls, caveat, uid, created_at, updated_at) VALUES"
        " (1, 'ulice', 'Ulice', 'published', '', '', '', '', '', '', '', '', 'u1', '2026-01-01',"
        " '2026-01-01'), (2, 'woda', 'Woda', 'published', '', '', '', '', '', '', '', '', 'u2',"
        " '2026-01-01', '2026-01-01')");
    run("INSERT IGNORE INTO practice (id, slug, title, lead, status, situation_before, aim,"
        " description, results, lessons, caveat, created_at, updated_at) VALUES (1, 'p', 'P', '',"
        " 'published', '', '', '', '', '', '', '2026-01-01', '2026-01-01'), (2, 'q', 'Q', '',"
        " 'published', '', '', '', '', '', '', '2026-01-01', '2026-01-01')");
    run("INSERT IGNORE INTO program_item (id, meeting_id, position, starts_minute, ends_minute,"
        " title, description) VALUES (1, ?, 0, 0, 60, 'a', ''), (2, ?, 1, 60, 90, 'b', '')",
        {meeting, meeting});
    const int place = 1 - own;
    run("INSERT INTO institution_alias (institution_id, alias) VALUES (?, 'urząd gliwice')",
        {institution});
    run("INSERT INTO association_membership (association_id, institution_id, certain, member_from)"
        " VALUES (1, ?, ?, '2020-05-06')",
        {institution, own});
    run("INSERT INTO cycle_institution (cycle_id, institution_id, role, position) VALUES"
        " (1, ?, 'challenge_owner', ?)",
        {institution, place});
    run("INSERT INTO meeting_institution (meeting_id, institution_id, role, position) VALUES"
        " (?, ?, 'presenting', ?)",
        {meeting, institution, place});
    run("INSERT INTO program_item_institution (program_item_id, institution_id, position) VALUES"
        " (1, ?, ?)",
        {institution, place});
    run("INSERT INTO practice_institution (practice_id, institution_id, position) VALUES (1, ?, ?)",
        {institution, place});
    run("INSERT INTO person_role (person_id, role, scope_kind, scope_id, granted_at) VALUES"
        " (?, 'coordinator', 'institution', ?, '2026-02-03 04:05:06')",
        {person, institution});
    if (own == 0) return;
    run("INSERT INTO institution_alias (institution_id, alias) VALUES (?, 'Miasto Gliwice')",
        {institution});
    run("INSERT INTO association_membership (association_id, institution_id) VALUES (2, ?)",
        {institution});
    run("INSERT INTO cycle_institution (cycle_id, institution_id, role, position) VALUES"
        " (2, ?, 'host', 3)",
        {institution});
    run("INSERT INTO program_item_institution (program_item_id, institution_id, position) VALUES"
        " (2, ?, 0)",
        {institution});
    run("INSERT INTO practice_institution (practice_id, institution_id, position) VALUES (2, ?, 0)",
        {institution});
    run("INSERT INTO meeting_place (meeting_id, position, name, institution_id) VALUES"
        " (?, 7, 'Ratusz', ?)",
        {meeting, institution});
    run("INSERT INTO expert (slug, name, kind, institution_id) VALUES ('biuro', 'Biuro',"
        " 'organization', ?)",
        {institution});
    run("INSERT INTO recess (institution_id, title, first_day, last_day, created_by, created_at)"
        " VALUES (?, 'Przerwa rady', '2027-07-01', '2027-07-31', 'person:1', '2026-01-01')",
        {institution});
    run("INSERT INTO enrolment (cycle_id, person_id, institution_id, mode, status, clause_version,"
        " created_at, updated_at) VALUES (1, ?, ?, 'onsite', 'active', 1, '2026-01-01',"
        " '2026-01-01')",
        {person, institution});
    run("INSERT INTO person_role (person_id, role, scope_kind, scope_id, granted_at) VALUES"
        " (?, 'organizer', 'institution', ?, '2026-02-03 04:05:06'),"
        " (?, 'expert', 'meeting', ?, '2026-02-03 04:05:06')",
        {person, institution, person, institution});
  }

  // Every row of every table but the traces of the merges themselves; without versions and the
  // times of changes.
  Dump dump() {
    return pool().read([](storage::Connection& connection) {
      std::map<std::string, std::string> columns;
      for (const auto row : connection.query(
               "SELECT table_name, GROUP_CONCAT(CONCAT('`', column_name, '`') ORDER BY"
               " ordinal_position SEPARATOR ', ') FROM information_schema.columns"
               " WHERE table_schema = DATABASE() AND column_name NOT IN ('version', 'updated_at')"
               " AND table_name NOT IN ('activity', 'operation', 'institution_merge',"
               " 'activity_personal') GROUP BY table_name"))
        columns[row.text(0)] = row.text(1);
      Dump dump;
      for (const auto& [table, list] : columns) {
        Lines lines;
        for (const auto row : connection.query("SELECT JSON_ARRAY(" + list + ") FROM " + table))
          lines.push_back(row.text(0));
        std::sort(lines.begin(), lines.end());
        dump[table] = std::move(lines);
      }
      return dump;
    });
  }

  Lines rows(const std::string& sql, const std::vector<storage::Parameter>& parameters = {}) {
    return pool().read([&](storage::Connection& connection) {
      Lines lines;
      for (const auto row : connection.query(sql, parameters)) lines.push_back(row.text(0));
      return lines;
    });
  }
  // How many rows of each table refer to it; tables without any are left out.
  std::map<std::string, int> links(InstitutionId institution) {
    return pool().read([&](storage::Connection& connection) {
      std::map<std::string, int> counts;
      for (const auto& count : storage::count_links(connection, institution, institution))
        if (count.rows > 0) counts[count.table] = count.rows;
      return counts;
    });
  }

  // The program, the places and the aliases as an edit leaves them: the same, in new rows.
  void enter_anew() {
    pool().transact([&](storage::Connection& connection) {
      auto edited = storage::find_meeting(connection, meeting);
      edited->places.insert(edited->places.begin(), domain::Place{});
      edited->places.front().name = "Biblioteka";
      storage::replace_meeting_parts(connection, *edited);
      Lines names;
      for (const auto row :
           connection.query("SELECT alias FROM institution_alias WHERE institution_id = ?", {into}))
        names.push_back(row.text(0));
      storage::replace_aliases(connection, into, names);
    });
  }
  Lines left_behind() {
    return rows("SELECT left_behind FROM institution_merge WHERE id = ?", {last});
  }
  Lines names_of(InstitutionId institution) {
    return rows("SELECT alias FROM institution_alias WHERE institution_id = ? ORDER BY alias",
                {institution});
  }
  Lines program_of(InstitutionId institution) {
    return rows(
        "SELECT title FROM program_item JOIN program_item_institution ON program_item_id = id"
        " WHERE institution_id = ? ORDER BY title",
        {institution});
  }

  std::string merge(InstitutionId gone, InstitutionId kept) {
    const auto merged = merge_institutions(environment(), by_admin(), gone, kept);
    if (merged) last = *merged;
    return describe(merged);
  }
  std::string undo(domain::InstitutionMergeId id) {
    return describe(undo_merge(environment(), by_admin(), id));
  }

  InstitutionId from, into, other;
  domain::MeetingId meeting;
  domain::PersonId person;
  domain::InstitutionMergeId last;
};

}  // namespace

template <>
struct doctest::StringMaker<Counts> {
  static String convert(const Counts& counts) {
    std::string all;
    for (const auto& [name, count] : counts) all += name + " " + std::to_string(count) + "; ";
    return all.c_str();
  }
};
template <>
struct doctest::StringMaker<Lines> {
  static String convert(const Lines& lines) {
    std::string all;
    for (const auto& line : lines) all += line + "\n";
    return all.c_str();
  }
};

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
