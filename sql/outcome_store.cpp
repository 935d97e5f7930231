#include "sql/outcome_store.h"

#include "sql/id_list.h"
#include "sql/institution_store.h"
#include "sql/practice_store.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::CycleId;
using domain::MeetingId;
using domain::OutcomeId;
using domain::OutcomeOwner;
using domain::WorkOutcome;

std::optional<MeetingId> meeting_of(const OutcomeOwner& owner) {
  const auto* meeting = std::get_if<MeetingId>(&owner);
  return meeting ? std::optional(*meeting) : std::nullopt;
}
std::optional<CycleId> cycle_of(const OutcomeOwner& owner) {
  const auto* cycle = std::get_if<CycleId>(&owner);
  return cycle ? std::optional(*cycle) : std::nullopt;
}

constexpr std::string_view kSelect =
    "SELECT o.id, o.meeting_id, o.cycle_id, o.kind, o.title, o.description, o.next_step,"
    " o.next_step_by, o.practice_id, o.grew_from_id, o.source_url, o.position, o.version, ";
constexpr std::size_t kInstitutionColumn = 13;
constexpr std::string_view kFrom =
    " FROM outcome o LEFT JOIN institution i ON i.id = o.responsible_id ";

WorkOutcome read_outcome(const Rows::Row& row) {
  WorkOutcome outcome;
  outcome.id = row.id<OutcomeId>(0);
  if (const auto meeting = row.find_id<MeetingId>(1))
    outcome.owner = *meeting;
  else
    outcome.owner = row.id<CycleId>(2);
  outcome.kind = stored_enum("outcome.kind", row.text(3), domain::find_outcome_kind);
  outcome.title = row.text(4);
  outcome.description = row.text(5);
  outcome.next_step = row.text(6);
  if (!row.is_null(7)) outcome.next_step_by = row.date(7);
  outcome.practice = row.find_id<domain::PracticeId>(8);
  outcome.grew_from = row.find_id<OutcomeId>(9);
  outcome.source_url = row.text(10);
  outcome.position = row.small_integer(11);
  outcome.version = row.integer(12);
  if (!row.is_null(kInstitutionColumn))
    outcome.responsible = read_institution_ref(row, kInstitutionColumn);
  return outcome;
}

void add_stages(Connection& connection, std::vector<WorkOutcome>& outcomes) {
  if (outcomes.empty()) return;
  std::map<OutcomeId, WorkOutcome*> by_id;
  for (auto& outcome : outcomes) by_id[outcome.id] = &outcome;
  const std::string sql =
      "SELECT s.outcome_id, s.stage, s.year, s.month, s.day, s.material_id, s.document_url, s.note"
      " FROM outcome_stage s WHERE s.outcome_id" +
      std::string(kInIdList) +
      " ORDER BY s.outcome_id, FIELD(s.stage, 'problem', 'prototype', 'pilot', 'adopted_act',"
      " 'published_practice')";
  const auto part = [](const std::optional<std::int64_t>& value) {
    return value ? std::optional(static_cast<unsigned>(*value)) : std::nullopt;
  };
  for (const auto row : connection.query(sql, {id_list_of(outcomes)})) {
    domain::ReachedStage stage;
    stage.stage = stored_enum("outcome_stage.stage", row.text(1), domain::find_outcome_stage);
    if (!row.is_null(2)) stage.year = row.small_integer(2);
    stage.month = part(row.find_integer(3));
    stage.day = part(row.find_integer(4));
    stage.material = row.find_id<domain::MaterialId>(5);
    stage.document_url = row.text(6);
    stage.note = row.text(7);
    by_id.at(row.id<OutcomeId>(0))->stages.push_back(std::move(stage));
  }
}

std::vector<WorkOutcome> read_outcomes(Connection& connection, std::string_view where,
                                       const std::vector<Parameter>& parameters) {
  std::string sql(kSelect);
  sql.append(kInstitutionRefColumns).append(kFrom).append(where);
  std::vector<WorkOutcome> outcomes;
  for (const auto row : connection.query(sql, parameters)) outcomes.push_back(read_outcome(row));
  add_stages(connection, outcomes);
  return outcomes;
}

void insert_stages(Connection& connection, OutcomeId id, const WorkOutcome& outcome) {
  constexpr std::string_view kInsert =
      "INSERT INTO outcome_stage (outcome_id, stage, year, month, day, material_id, document_url,"
      " note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
  for (const auto& stage : outcome.stages)
    connection.execute(kInsert, {id, domain::to_string(stage.stage), stage.year, stage.month,
                                 stage.day, stage.material, stage.document_url, stage.note});
}

std::optional<domain::InstitutionId> responsible_of(const WorkOutcome& outcome) {
  return outcome.responsible ? std::optional(outcome.responsible->id) : std::nullopt;
}

// Of an owner: "… WHERE meeting_id = ?".
struct OwnerColumn {
  std::string_view name;
  std::int64_t id;
};
OwnerColumn column_of(const OutcomeOwner& owner) {
  if (const auto meeting = meeting_of(owner)) return {"meeting_id", meeting->value};
  return {"cycle_id", std::get<CycleId>(owner).value};
}

}  // namespace

std::vector<WorkOutcome> list_outcomes(Connection& connection, const OutcomeOwner& owner) {
  const auto column = column_of(owner);
  return read_outcomes(connection,
                       "WHERE o." + std::string(column.name) + " = ? ORDER BY o.position, o.id",
                       {column.id});
}

std::vector<WorkOutcome> list_outcomes_within(Connection& connection, CycleId cycle) {
  constexpr std::string_view kWhere =
      "LEFT JOIN meeting m ON m.id = o.meeting_id WHERE o.cycle_id = ? OR (m.cycle_id = ?"
      " AND m.status = 'published')"
      " ORDER BY o.meeting_id IS NOT NULL, m.starts, m.id, o.position, o.id";
  return read_outcomes(connection, kWhere, {cycle, cycle});
}

std::vector<WorkOutcome> list_outcomes_of(Connection& connection, domain::PracticeId practice) {
  constexpr std::string_view kWhere =
      "LEFT JOIN meeting m ON m.id = o.meeting_id LEFT JOIN cycle c ON c.id = o.cycle_id"
      " WHERE o.practice_id = ? AND (m.status = 'published' OR c.status = 'published')"
      " ORDER BY o.id";
  return read_outcomes(connection, kWhere, {practice});
}

std::optional<WorkOutcome> find_outcome(Connection& connection, OutcomeId id) {
  auto outcomes = read_outcomes(connection, "WHERE o.id = ?", {id});
  if (outcomes.empty()) return std::nullopt;
  return std::move(outcomes.front());
}

bool lock_outcome_owner(Connection& connection, const OutcomeOwner& owner) {
  const auto column = column_of(owner);
  return !connection
              .query(meeting_of(owner) ? "SELECT id FROM meeting WHERE id = ? FOR UPDATE"
                                       : "SELECT id FROM cycle WHERE id = ? FOR UPDATE",
                     {column.id})
              .empty();
}

OutcomeId insert_outcome(Connection& connection, const WorkOutcome& outcome, domain::Instant now) {
  const auto column = column_of(outcome.owner);
  const std::string next = "SELECT COALESCE(MAX(position), 0) + 1 FROM outcome WHERE " +
                           std::string(column.name) + " = ?";
  const auto position = connection.query(next, {column.id})[0].integer(0);
  constexpr std::string_view kInsert =
      "INSERT INTO outcome (meeting_id, cycle_id, kind, title, description, responsible_id,"
      " next_step, next_step_by, practice_id, grew_from_id, source_url, position, created_at,"
      " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
  const OutcomeId id{connection.insert(
      kInsert, {meeting_of(outcome.owner), cycle_of(outcome.owner), domain::to_string(outcome.kind),
                outcome.title, outcome.description, responsible_of(outcome), outcome.next_step,
                outcome.next_step_by, outcome.practice, outcome.grew_from, outcome.source_url,
                position, now, now})};
  insert_stages(connection, id, outcome);
  return id;
}

void update_outcome(Connection& connection, const WorkOutcome& outcome, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE outcome SET kind = ?, title = ?, description = ?, responsible_id = ?, next_step = ?,"
      " next_step_by = ?, practice_id = ?, grew_from_id = ?, source_url = ?, updated_at = ?,"
      " version = version + 1 WHERE id = ?";
  connection.execute(
      kUpdate, {domain::to_string(outcome.kind), outcome.title, outcome.description,
                responsible_of(outcome), outcome.next_step, outcome.next_step_by, outcome.practice,
                outcome.grew_from, outcome.source_url, now, outcome.id});
  connection.execute("DELETE FROM outcome_stage WHERE outcome_id = ?", {outcome.id});
  insert_stages(connection, outcome.id, outcome);
}

void delete_outcome(Connection& connection, OutcomeId id) {
  connection.execute("DELETE FROM outcome WHERE id = ?", {id});
}

void swap_outcomes(Connection& connection, const WorkOutcome& one, const WorkOutcome& other) {
  constexpr std::string_view kUpdate = "UPDATE outcome SET position = ? WHERE id = ?";
  connection.execute(kUpdate, {other.position, one.id});
  connection.execute(kUpdate, {one.position, other.id});
}

domain::WorkReport load_work_report(Connection& connection, const OutcomeOwner& owner) {
  const auto column = column_of(owner);
  domain::WorkReport report;
  report.owner = owner;
  report.version = 0;
  const Rows rows =
      connection.query("SELECT minutes, conclusions, is_public, version FROM work_report WHERE " +
                           std::string(column.name) + " = ?",
                       {column.id});
  if (rows.empty()) return report;
  report.minutes = rows[0].text(0);
  report.conclusions = rows[0].text(1);
  report.is_public = rows[0].boolean(2);
  report.version = rows[0].integer(3);
  return report;
}

void save_work_report(Connection& connection, const domain::WorkReport& report,
                      domain::Instant now) {
  constexpr std::string_view kSave =
      "INSERT INTO work_report (meeting_id, cycle_id, minutes, conclusions, is_public, updated_at)"
      " VALUES (?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE minutes = VALUE(minutes),"
      " conclusions = VALUE(conclusions), is_public = VALUE(is_public),"
      " updated_at = VALUE(updated_at), version = version + 1";
  connection.execute(kSave, {meeting_of(report.owner), cycle_of(report.owner), report.minutes,
                             report.conclusions, report.is_public, now});
}

std::map<domain::PracticeId, NamedPractice> name_practices(
    Connection& connection, const std::vector<domain::PracticeId>& ids) {
  std::map<domain::PracticeId, NamedPractice> named;
  if (ids.empty()) return named;
  const std::string sql =
      "SELECT p.id, p.slug, p.title, p.status = 'published' FROM practice p WHERE p.id" +
      std::string(kInIdList);
  for (const auto row : connection.query(sql, {list_of_ids(ids)}))
    named[row.id<domain::PracticeId>(0)] = {read_practice_ref(row, 0), row.boolean(3)};
  return named;
}

std::vector<OutcomeOwner> list_outcome_relatives(Connection& connection,
                                                 const OutcomeOwner& owner) {
  std::vector<OutcomeOwner> owners{owner};
  if (const auto meeting = meeting_of(owner)) {
    const Rows rows = connection.query(
        "SELECT cycle_id FROM meeting WHERE id = ? AND cycle_id IS NOT NULL", {*meeting});
    for (const auto row : rows) owners.emplace_back(row.id<CycleId>(0));
    return owners;
  }
  const Rows rows = connection.query(
      "SELECT id FROM meeting WHERE cycle_id = ? AND status <> 'binned' ORDER BY starts, id",
      {*cycle_of(owner)});
  for (const auto row : rows) owners.emplace_back(row.id<MeetingId>(0));
  return owners;
}

}  // namespace narada::storage
