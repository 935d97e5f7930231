#include "sql/expert_profile_store.h"

#include "sql/expert_member_store.h"
#include "sql/expert_store.h"
#include "sql/institution_store.h"
#include "sql/meeting_rows.h"
#include "sql/reach_condition.h"
#include "sql/row_key.h"

namespace narada::storage {
namespace {

using domain::ExpertId;
using domain::ExpertProfile;

constexpr std::size_t kOwnColumns = kExpertColumnCount;
constexpr std::size_t kAccount = kOwnColumns + 3;
constexpr std::size_t kInstitution = kAccount + 3;

// Of a row named `e`.
std::string profile_columns() {
  return "SELECT " + std::string(kExpertColumns) +
         ", e.description_en, e.organization, e.version, p.id, p.full_name, p.email,"
         " i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude";
}
constexpr std::string_view kJoins =
    " LEFT JOIN person p ON p.id = e.person_id LEFT JOIN institution i ON i.id = e.institution_id ";

ExpertProfile read_profile(const Rows::Row& row) {
  ExpertProfile profile;
  profile.expert = read_expert(row, 0);
  profile.description_en = row.text(kOwnColumns);
  profile.organization = row.text(kOwnColumns + 1);
  profile.version = row.integer(kOwnColumns + 2);
  if (!row.is_null(kAccount))
    profile.account = domain::ExpertAccount{row.id<domain::PersonId>(kAccount),
                                            row.text(kAccount + 1), row.text(kAccount + 2)};
  if (!row.is_null(kInstitution)) profile.institution = read_institution_ref(row, kInstitution);
  return profile;
}

std::optional<ExpertProfile> read_one(Connection& connection, const std::string& from,
                                      const Parameter& key) {
  const Rows rows = connection.query(profile_columns() + from, {key});
  if (rows.empty()) return std::nullopt;
  return read_profile(rows[0]);
}

std::vector<domain::MeetingSummary> list_meetings_where(Connection& connection,
                                                        const std::string& condition,
                                                        const std::vector<Parameter>& parameters,
                                                        Drafts drafts) {
  std::string sql = "SELECT ";
  sql.append(kMeetingSummaryColumns).append(" FROM meeting m").append(kMeetingSummaryJoins);
  sql += " WHERE " + condition + " ORDER BY m.starts_at DESC, m.id DESC LIMIT ?";
  std::vector<domain::MeetingSummary> meetings;
  for (const auto row : connection.query(sql, parameters))
    meetings.push_back(read_meeting_summary(row, drafts));
  return meetings;
}

void lock_and_raise(Connection& connection, std::string_view select, const std::string& table,
                    const std::vector<Parameter>& parameters) {
  for (const auto row : connection.query(select, parameters)) {
    const std::int64_t id = row.integer(0);
    connection.query("SELECT id FROM " + table + " WHERE id = ? FOR UPDATE", {id});
    connection.execute("UPDATE " + table + " SET version = version + 1 WHERE id = ?", {id});
  }
}

void move_calendar(Connection& connection, ExpertId from, ExpertId into) {
  const bool has_own =
      !connection.query("SELECT 1 FROM expert_calendar WHERE expert_id = ?", {into}).empty();
  for (const std::string table : {"expert_busy", "expert_calendar"}) {
    if (has_own)
      connection.execute("DELETE FROM " + table + " WHERE expert_id = ?", {from});
    else
      connection.execute("UPDATE " + table + " SET expert_id = ? WHERE expert_id = ?",
                         {into, from});
  }
}

}  // namespace

std::optional<ExpertProfile> find_expert_profile(Connection& connection, std::string_view key) {
  const std::string from =
      " FROM expert k JOIN expert e ON e.id = COALESCE(k.merged_into, k.id)" + std::string(kJoins);
  if (const auto id = find_row_id(key)) return read_one(connection, from + "WHERE k.id = ?", *id);
  return read_one(connection, from + "WHERE k.slug = ?", key);
}

std::optional<ExpertProfile> lock_expert_profile(Connection& connection, ExpertId id) {
  if (connection.query("SELECT id FROM expert WHERE id = ? FOR UPDATE", {id}).empty())
    return std::nullopt;
  return read_one(
      connection,
      " FROM expert e" + std::string(kJoins) + "WHERE e.id = ? AND e.merged_into IS NULL", id);
}

std::optional<ExpertProfile> find_expert_of(Connection& connection, domain::PersonId person) {
  return read_one(connection,
                  " FROM expert_member em JOIN expert e ON e.id = em.expert_id" +
                      std::string(kJoins) +
                      "WHERE em.person_id = ? AND e.merged_into IS NULL"
                      " ORDER BY COALESCE(e.person_id = em.person_id, 0) DESC, e.id LIMIT 1",
                  person);
}

std::optional<domain::InstitutionRef> find_institution_named(Connection& connection,
                                                             const std::string& name) {
  const Rows rows = connection.query(
      "SELECT i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude FROM institution i"
      " WHERE i.name = ? AND i.active = 1 LIMIT 2",
      {name});
  if (rows.size() != 1) return std::nullopt;
  return read_institution_ref(rows[0], 0);
}

void save_expert_profile(Connection& connection, const ExpertProfile& profile) {
  constexpr std::string_view kUpdate =
      "UPDATE expert SET name = ?, kind = ?, description = ?, description_en = ?,"
      " organization = ?, institution_id = ?, person_id = ?, version = version + 1 WHERE id = ?";
  std::optional<domain::InstitutionId> institution;
  if (profile.institution) institution = profile.institution->id;
  std::optional<domain::PersonId> person;
  if (profile.account) person = profile.account->person;
  const auto& expert = profile.expert;
  connection.execute(
      kUpdate, {expert.name, to_string(expert.kind), expert.description, profile.description_en,
                profile.organization, institution, person, expert.id});
}

domain::ExpertProgram load_expert_program(Connection& connection, ExpertId expert, int limit) {
  domain::ExpertProgram program;
  program.meetings = list_meetings_where(
      connection,
      "m.status IN ('published', 'cancelled') AND m.id IN"
      " (SELECT me.meeting_id FROM meeting_expert me WHERE me.expert_id = ?"
      " UNION SELECT pi.meeting_id FROM program_item_expert pe"
      " JOIN program_item pi ON pi.id = pe.program_item_id WHERE pe.expert_id = ?)",
      {expert, expert, limit}, Drafts::hidden);
  constexpr std::string_view kCycles =
      "SELECT c.id, c.slug, c.title FROM cycle_expert ce JOIN cycle c ON c.id = ce.cycle_id"
      " WHERE ce.expert_id = ? AND c.status = 'published' ORDER BY c.id DESC LIMIT ?";
  for (const auto row : connection.query(kCycles, {expert, limit}))
    program.cycles.push_back({row.id<domain::CycleId>(0), row.text(1), row.text(2)});
  return program;
}

std::vector<domain::MeetingSummary> list_meetings_within(Connection& connection,
                                                         const domain::Reach& reach, int limit) {
  Condition within = meeting_within(reach);
  within.parameters.emplace_back(limit);
  return list_meetings_where(connection,
                             "m.status IN ('draft', 'published', 'cancelled') AND " + within.sql,
                             within.parameters, Drafts::shown);
}

domain::ExpertLinks count_expert_links(Connection& connection, ExpertId expert) {
  constexpr std::string_view kSelect =
      "SELECT (SELECT COUNT(*) FROM meeting_expert WHERE expert_id = ?),"
      " (SELECT COUNT(*) FROM program_item_expert WHERE expert_id = ?),"
      " (SELECT COUNT(*) FROM cycle_expert WHERE expert_id = ?)";
  const Rows rows = connection.query(kSelect, {expert, expert, expert});
  return {rows[0].small_integer(0), rows[0].small_integer(1), rows[0].small_integer(2)};
}

void move_expert_links(Connection& connection, ExpertId from, ExpertId into) {
  lock_and_raise(connection,
                 "SELECT cycle_id FROM cycle_expert WHERE expert_id = ? ORDER BY cycle_id", "cycle",
                 {from});
  lock_and_raise(connection,
                 "SELECT meeting_id FROM meeting_expert WHERE expert_id = ?"
                 " UNION SELECT pi.meeting_id FROM program_item_expert pe"
                 " JOIN program_item pi ON pi.id = pe.program_item_id WHERE pe.expert_id = ?"
                 " ORDER BY meeting_id",
                 "meeting", {from, from});
  for (const std::string table : {"cycle_expert", "meeting_expert", "program_item_expert"}) {
    connection.execute("UPDATE IGNORE " + table + " SET expert_id = ? WHERE expert_id = ?",
                       {into, from});
    connection.execute("DELETE FROM " + table + " WHERE expert_id = ?", {from});
  }
  connection.execute("UPDATE material SET expert_id = ? WHERE expert_id = ?", {into, from});
  move_calendar(connection, from, into);
  move_expert_preparation(connection, from, into);
  connection.execute(
      "UPDATE expert SET merged_into = ?, person_id = NULL, version = version + 1"
      " WHERE id = ? OR merged_into = ?",
      {into, from, from});
}

}  // namespace narada::storage
