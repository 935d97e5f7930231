#include "tests/storage/two_entries.h"

#include <algorithm>

#include "sql/institution_merge_store.h"
#include "sql/institution_store.h"
#include "sql/meeting_parts.h"
#include "sql/meeting_store.h"

namespace narada::testing {

using domain::InstitutionId;
using usecases::Actor;
using usecases::Call;

Call by_admin() {
  Call call;
  call.actor = Actor{Actor::Kind::token, 1, {{domain::Role::admin, {}}}};
  return call;
}

TwoEntries::TwoEntries() {
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

InstitutionId TwoEntries::id_of(const std::string& slug) {
  return pool().read([&](storage::Connection& connection) {
    return connection.query("SELECT id FROM institution WHERE slug = ?", {slug})[0]
        .id<InstitutionId>(0);
  });
}

InstitutionId TwoEntries::add(const std::string& name, const std::string& slug) {
  run("INSERT INTO institution (slug, name, kind, created_at, updated_at) VALUES (?, ?, 'other',"
      " '2026-01-01', '2026-01-01')",
      {slug, name});
  return id_of(slug);
}

void TwoEntries::run(const std::string& sql, const std::vector<storage::Parameter>& parameters) {
  pool().transact([&](storage::Connection& connection) { connection.execute(sql, parameters); });
}

void TwoEntries::fill(InstitutionId institution, int own) {
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

Dump TwoEntries::dump() {
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

Lines TwoEntries::rows(const std::string& sql, const std::vector<storage::Parameter>& parameters) {
  return pool().read([&](storage::Connection& connection) {
    Lines lines;
    for (const auto row : connection.query(sql, parameters)) lines.push_back(row.text(0));
    return lines;
  });
}

std::map<std::string, int> TwoEntries::links(InstitutionId institution) {
  return pool().read([&](storage::Connection& connection) {
    std::map<std::string, int> counts;
    for (const auto& count : storage::count_links(connection, institution, institution))
      if (count.rows > 0) counts[count.table] = count.rows;
    return counts;
  });
}

void TwoEntries::enter_anew() {
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

Lines TwoEntries::left_behind() {
  return rows("SELECT left_behind FROM institution_merge WHERE id = ?", {last});
}

Lines TwoEntries::names_of(InstitutionId institution) {
  return rows("SELECT alias FROM institution_alias WHERE institution_id = ? ORDER BY alias",
              {institution});
}

Lines TwoEntries::program_of(InstitutionId institution) {
  return rows(
      "SELECT title FROM program_item JOIN program_item_institution ON program_item_id = id"
      " WHERE institution_id = ? ORDER BY title",
      {institution});
}

std::string TwoEntries::merge(InstitutionId gone, InstitutionId kept) {
  const auto merged = merge_institutions(environment(), by_admin(), gone, kept);
  if (merged) last = *merged;
  return describe(merged);
}

std::string TwoEntries::undo(domain::InstitutionMergeId id) {
  return describe(undo_merge(environment(), by_admin(), id));
}

}  // namespace narada::testing
