#include "sql/expert_member_store.h"

#include "sql/expert_store.h"
#include "sql/stored_enum.h"
#include "sql/stored_file_store.h"

namespace narada::storage {

using domain::ExpertId;
using domain::PersonId;

std::vector<ExpertMember> list_expert_members(Connection& connection, ExpertId expert) {
  constexpr std::string_view kSelect =
      "SELECT em.expert_id, p.id, p.full_name, p.email, p.language, em.is_shown, "
      "em.shares_contact, em.added_at,"
      " em.invited_at, COALESCE(c.wanted, 1) FROM expert_member em"
      " JOIN person p ON p.id = em.person_id AND p.erased_at IS NULL"
      " LEFT JOIN notification_choice c ON c.person_id = p.id AND c.kind = 'expert_tasks'"
      " WHERE em.expert_id = ? ORDER BY em.added_at, p.id";
  std::vector<ExpertMember> members;
  for (const auto row : connection.query(kSelect, {expert}))
    members.push_back({row.id<ExpertId>(0), row.id<PersonId>(1), row.text(2), row.text(3),
                       row.text(4) == "en" ? domain::Language::en : domain::Language::pl,
                       row.boolean(5), row.boolean(6), row.instant(7), row.find_instant(8),
                       row.boolean(9)});
  return members;
}

bool is_expert_member(Connection& connection, ExpertId expert, PersonId person) {
  return !connection
              .query("SELECT 1 FROM expert_member WHERE expert_id = ? AND person_id = ?",
                     {expert, person})
              .empty();
}

bool is_expert_of_meeting_alone(Connection& connection, ExpertId expert,
                                domain::MeetingId meeting) {
  constexpr std::string_view kMadeFor =
      "SELECT 1 FROM activity a WHERE a.subject = CONCAT('expert:', ?)"
      " AND a.verb = 'expert.created' AND a.meeting_id = ? LIMIT 1";
  constexpr std::string_view kElsewhere =
      "SELECT 1 FROM meeting_expert WHERE expert_id = ? AND meeting_id <> ?"
      " UNION ALL SELECT 1 FROM program_item_expert pe JOIN program_item pi"
      " ON pi.id = pe.program_item_id WHERE pe.expert_id = ? AND pi.meeting_id <> ?"
      " UNION ALL SELECT 1 FROM cycle_expert WHERE expert_id = ?"
      " UNION ALL SELECT 1 FROM material WHERE expert_id = ? AND NOT (meeting_id <=> ?) LIMIT 1";
  return !connection.query(kMadeFor, {expert, meeting}).empty() &&
         connection.query(kElsewhere, {expert, meeting, expert, meeting, expert, expert, meeting})
             .empty();
}

std::vector<domain::ExpertRef> list_experts_of(Connection& connection, PersonId person) {
  static const std::string kSelect =
      "SELECT " + std::string(kExpertColumns) +
      " FROM expert_member em JOIN expert e ON e.id = em.expert_id AND e.merged_into IS NULL"
      " WHERE em.person_id = ? ORDER BY e.name COLLATE utf8mb4_polish_ci, e.id";
  std::vector<domain::ExpertRef> experts;
  for (const auto row : connection.query(kSelect, {person})) experts.push_back(read_expert(row, 0));
  return experts;
}

void add_expert_member(Connection& connection, ExpertId expert, PersonId person,
                       domain::Instant now) {
  connection.execute(
      "INSERT IGNORE INTO expert_member (expert_id, person_id, added_at) VALUES (?, ?, ?)",
      {expert, person, now});
}

void save_member_invited(Connection& connection, ExpertId expert, PersonId person,
                         domain::Instant now) {
  connection.execute(
      "UPDATE expert_member SET invited_at = ? WHERE expert_id = ? AND person_id = ?",
      {now, expert, person});
}

void save_member_choices(Connection& connection, ExpertId expert, PersonId person, bool is_shown,
                         bool shares_contact) {
  connection.execute(
      "UPDATE expert_member SET is_shown = ?, shares_contact = ?"
      " WHERE expert_id = ? AND person_id = ?",
      {is_shown, shares_contact, expert, person});
}

bool remove_expert_member(Connection& connection, ExpertId expert, PersonId person) {
  const auto removed = connection.execute(
      "DELETE FROM expert_member WHERE expert_id = ? AND person_id = ?", {expert, person});
  connection.execute(
      "UPDATE expert SET person_id = NULL, version = version + 1 WHERE id = ? AND person_id = ?",
      {expert, person});
  return removed == 1;
}

std::optional<ExpertPhoto> find_expert_photo(Connection& connection, ExpertId expert) {
  constexpr std::string_view kSelect =
      "SELECT p.digest, COALESCE(f.state, 'waiting'), f.thumbnail, f.refusal, p.consent_at"
      " FROM expert_photo p LEFT JOIN stored_file f ON f.digest = p.digest WHERE p.expert_id = ?";
  const Rows found = connection.query(kSelect, {expert});
  if (found.empty()) return std::nullopt;
  const auto row = found[0];
  return ExpertPhoto{
      {row.text(0)},
      stored_enum("stored_file.state", row.text(1), domain::find_file_state),
      {row.text_or_empty(2)},
      stored_enum("stored_file.refusal", row.find_text(3), domain::find_file_refusal),
      row.instant(4)};
}

void save_expert_photo(Connection& connection, const NewExpertPhoto& photo, domain::Instant now) {
  constexpr std::string_view kPhoto =
      "INSERT INTO expert_photo (expert_id, digest, file_name, person_id, consent_at)"
      " VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE digest = VALUES(digest),"
      " file_name = VALUES(file_name), person_id = VALUES(person_id),"
      " consent_at = VALUES(consent_at), refusal_told = 0";
  expect_stored_file(connection, photo.digest, photo.size, now);
  connection.execute(kPhoto, {photo.expert, photo.digest.hex, photo.file_name, photo.person, now});
}

bool delete_expert_photo(Connection& connection, ExpertId expert) {
  return connection.execute("DELETE FROM expert_photo WHERE expert_id = ?", {expert}) == 1;
}

std::vector<ShownExpert> list_shown_experts(Connection& connection, domain::MeetingId meeting) {
  constexpr std::string_view kSelect =
      "SELECT e.id, f.digest IS NOT NULL, p.full_name FROM expert e"
      " LEFT JOIN expert_photo ph ON ph.expert_id = e.id LEFT JOIN stored_file f"
      " ON f.digest = ph.digest AND f.state = 'ready' AND f.thumbnail IS NOT NULL"
      " LEFT JOIN expert_member em ON em.expert_id = e.id AND em.is_shown = 1"
      " AND e.kind = 'organization'"
      " LEFT JOIN person p ON p.id = em.person_id AND p.erased_at IS NULL"
      " WHERE e.id IN (SELECT me.expert_id FROM meeting_expert me WHERE me.meeting_id = ?"
      " UNION SELECT pe.expert_id FROM program_item pi JOIN program_item_expert pe"
      " ON pe.program_item_id = pi.id WHERE pi.meeting_id = ?)"
      " AND (f.digest IS NOT NULL OR p.id IS NOT NULL) ORDER BY e.id, em.added_at, p.id";
  std::vector<ShownExpert> shown;
  for (const auto row : connection.query(kSelect, {meeting, meeting})) {
    const auto id = row.id<ExpertId>(0);
    auto name = row.find_text(2);
    if (!row.boolean(1) && !name) continue;
    if (shown.empty() || shown.back().expert != id) shown.push_back({id, row.boolean(1), {}});
    if (name) shown.back().people.push_back(std::move(*name));
  }
  return shown;
}

std::vector<std::string> list_shown_members(Connection& connection, ExpertId expert) {
  constexpr std::string_view kSelect =
      "SELECT p.full_name FROM expert_member em JOIN expert e ON e.id = em.expert_id"
      " AND e.kind = 'organization' JOIN person p ON p.id = em.person_id AND p.erased_at IS NULL"
      " WHERE em.expert_id = ? AND em.is_shown = 1 ORDER BY em.added_at, p.id";
  std::vector<std::string> names;
  for (const auto row : connection.query(kSelect, {expert})) names.push_back(row.text(0));
  return names;
}

std::vector<domain::PracticeRef> list_presented_practices(Connection& connection, ExpertId expert,
                                                          int limit) {
  constexpr std::string_view kSelect =
      "SELECT DISTINCT p.id, p.slug, p.title FROM program_item_expert pe JOIN program_item pi"
      " ON pi.id = pe.program_item_id JOIN meeting m ON m.id = pi.meeting_id"
      " AND m.status = 'published' JOIN program_item_practice pp ON pp.program_item_id = pi.id"
      " JOIN practice p ON p.id = pp.practice_id AND p.status = 'published'"
      " WHERE pe.expert_id = ? ORDER BY p.title COLLATE utf8mb4_polish_ci, p.id LIMIT ?";
  std::vector<domain::PracticeRef> practices;
  for (const auto row : connection.query(kSelect, {expert, limit}))
    practices.push_back({row.id<domain::PracticeId>(0), row.text(1), row.text(2)});
  return practices;
}

std::vector<domain::MaterialOwner> list_material_owners_of(Connection& connection, ExpertId expert,
                                                           int limit) {
  constexpr std::string_view kSelect =
      "SELECT meeting_id, cycle_id, practice_id FROM material WHERE expert_id = ?"
      " AND deleted_at IS NULL GROUP BY meeting_id, cycle_id, practice_id"
      " ORDER BY MAX(created_at) DESC, MAX(id) DESC LIMIT ?";
  std::vector<domain::MaterialOwner> owners;
  for (const auto row : connection.query(kSelect, {expert, limit})) {
    if (const auto meeting = row.find_id<domain::MeetingId>(0))
      owners.emplace_back(*meeting);
    else if (const auto cycle = row.find_id<domain::CycleId>(1))
      owners.emplace_back(*cycle);
    else
      owners.emplace_back(row.id<domain::PracticeId>(2));
  }
  return owners;
}

void move_expert_preparation(Connection& connection, ExpertId from, ExpertId into) {
  for (const std::string table : {"expert_member", "expert_task_answer", "expert_photo"}) {
    connection.execute("UPDATE IGNORE " + table + " SET expert_id = ? WHERE expert_id = ?",
                       {into, from});
    connection.execute("DELETE FROM " + table + " WHERE expert_id = ?", {from});
  }
  connection.execute("UPDATE expert_task_sent SET expert_id = ? WHERE expert_id = ?", {into, from});
}

}  // namespace narada::storage
