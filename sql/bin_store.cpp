#include "sql/bin_store.h"

#include <string_view>

#include "sql/id_list.h"
#include "sql/material_store.h"
#include "sql/reach_condition.h"

namespace narada::storage {
namespace {

// Tables with a foreign key to `table`, its column and the index by which its rows are found;
// without those that the server itself sets to NULL, whose rows live on.
struct Reference {
  std::string table;
  std::string column;
  std::string index;
};
std::vector<Reference> list_references(Connection& connection, std::string_view table) {
  constexpr std::string_view kSelect =
      "SELECT k.table_name, k.column_name, (SELECT MIN(s.index_name) FROM "
      "information_schema.statistics s WHERE s.table_schema = k.table_schema AND s.table_name = "
      "k.table_name AND s.column_name = k.column_name AND s.seq_in_index = 1) FROM "
      "information_schema.key_column_usage k JOIN "
      "information_schema.referential_constraints c ON c.constraint_schema = k.table_schema AND "
      "c.constraint_name = k.constraint_name AND c.table_name = k.table_name WHERE "
      "k.table_schema = DATABASE() AND k.referenced_table_name = ? AND k.referenced_column_name = "
      "'id' AND c.delete_rule <> 'SET NULL' ORDER BY k.table_name, k.column_name";
  std::vector<Reference> references;
  for (const auto row : connection.query(kSelect, {table})) {
    references.push_back({row.text(0), row.text(1), row.text(2)});
  }
  return references;
}

template <class IdType>
std::vector<IdType> read_ids(const Rows& rows) {
  std::vector<IdType> ids;
  for (const auto row : rows) ids.push_back(row.id<IdType>(0));
  return ids;
}

// Rows of other tables that belong to rows of `table` with these ids; no others are locked.
template <class IdType>
void delete_parts(Connection& connection, std::string_view table, const std::vector<IdType>& ids) {
  if (ids.empty()) return;
  const std::string each(kEachOfIdList);
  const auto list = list_of_ids(ids);
  for (const auto& [other, column, index] : list_references(connection, table)) {
    if (other == table) {
      connection.execute("UPDATE " + each + other +
                             " t FORCE INDEX (PRIMARY) ON t.id = j.id SET t." + column +
                             " = NULL WHERE t." + column + " IS NOT NULL",
                         {list});
      continue;
    }
    connection.execute("DELETE t FROM " + each + other + " t FORCE INDEX (" + index + ") ON t." +
                           column + " = j.id",
                       {list});
  }
}

using RowId = domain::Id<struct RowTag>;  // of whatever table

// The rows of these ids themselves.
template <class IdType>
void delete_rows(Connection& connection, std::string_view table, const std::vector<IdType>& ids) {
  connection.execute("DELETE t FROM " + std::string(kEachOfIdList) + std::string(table) +
                         " t FORCE INDEX (PRIMARY) ON t.id = j.id",
                     {list_of_ids(ids)});
}

constexpr std::string_view kRegistrationsOf = "SELECT id FROM registration WHERE meeting_id = ?";
constexpr std::string_view kMailsOf = "SELECT id FROM outgoing_mail WHERE meeting_id = ?";
constexpr std::string_view kInvitationsIn =
    "SELECT i.id FROM invitation i JOIN outgoing_mail o ON o.id = i.outgoing_mail_id"
    " WHERE o.meeting_id = ?";
constexpr std::string_view kQuestionsOf = "SELECT id FROM meeting_question WHERE meeting_id = ?";

// Names, addresses and words of what is deleted; the time of an account counts from now.
void forget_people(Connection& connection, domain::MeetingId meeting, domain::Instant now) {
  const std::string each(kEachOfIdList);
  const auto people = list_of_ids(read_ids<domain::PersonId>(connection.query(
      "SELECT DISTINCT person_id FROM registration WHERE meeting_id = ? ORDER BY person_id",
      {meeting})));
  connection.execute("UPDATE " + each +
                         "person p FORCE INDEX (PRIMARY) ON p.id = j.id"
                         " SET p.updated_at = GREATEST(p.updated_at, ?)",
                     {people, now});
  // Without an index on the subject: read without locks.
  delete_rows(connection, "clause_acceptance",
              read_ids<RowId>(connection.query(
                  "SELECT c.id FROM registration r JOIN clause_acceptance c"
                  " ON c.subject = CONCAT('registration:', r.id) WHERE r.meeting_id = ?",
                  {meeting})));
  connection.execute(
      "DELETE p FROM activity a JOIN activity_personal p ON p.activity_id = a.id WHERE "
      "a.meeting_id = ?",
      {meeting});
  delete_rows(connection, "invitation",
              read_ids<domain::InvitationId>(connection.query(kInvitationsIn, {meeting})));
}

BinnedThing read_binned(const Rows::Row& row) {
  BinnedThing thing;
  thing.is_cycle = row.boolean(0);
  thing.id = row.integer(1);
  thing.title = row.text(2);
  thing.cycle_title = row.text_or_empty(3);
  thing.cycle_is_binned = !row.is_null(4) && row.boolean(4);
  thing.status_before = row.text(5);
  thing.binned_at = row.instant(6);
  thing.binned_by = row.text_or_empty(7);
  thing.meetings = row.small_integer(8);
  return thing;
}

}  // namespace

void bin_meeting(Connection& connection, domain::MeetingId meeting, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE meeting SET status_before_bin = status, status = 'binned', binned_at = ?, "
      "publish_at = NULL, updated_at = ?, version = version + 1 WHERE id = ? AND status <> "
      "'binned'";
  connection.execute(kUpdate, {now, now, meeting});
}

void bin_cycle(Connection& connection, domain::CycleId cycle, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE cycle SET status_before_bin = status, status = 'binned', binned_at = ?, "
      "updated_at = ?, version = version + 1 WHERE id = ? AND status <> "
      "'binned'";
  connection.execute(kUpdate, {now, now, cycle});
}

bool restore_meeting(Connection& connection, domain::MeetingId meeting, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE meeting SET status = status_before_bin, status_before_bin = '', binned_at = NULL, "
      "updated_at = ?, version = version + 1 WHERE id = ? AND status = 'binned'";
  return connection.execute(kUpdate, {now, meeting}) == 1;
}

bool restore_cycle(Connection& connection, domain::CycleId cycle, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE cycle SET status = status_before_bin, status_before_bin = '', binned_at = NULL, "
      "publish_at = IF(publish_at > ?, publish_at, NULL), updated_at = ?, version = version + 1 "
      "WHERE id = ? AND status = 'binned'";
  return connection.execute(kUpdate, {now, now, cycle}) == 1;
}

void delete_meeting(Connection& connection, domain::MeetingId meeting, domain::Instant now) {
  const auto registrations =
      read_ids<domain::RegistrationId>(connection.query(kRegistrationsOf, {meeting}));
  forget_people(connection, meeting, now);
  delete_materials_of(connection, meeting);
  delete_parts(connection, "registration", registrations);
  delete_rows(connection, "registration", registrations);
  delete_rows(connection, "outgoing_mail",
              read_ids<domain::OutgoingMailId>(connection.query(kMailsOf, {meeting})));
  delete_parts(connection, "meeting_question",
               read_ids<domain::QuestionId>(connection.query(kQuestionsOf, {meeting})));
  delete_parts(connection, "meeting", std::vector{meeting});
  connection.execute("DELETE FROM meeting WHERE id = ?", {meeting});
}

void delete_cycle(Connection& connection, domain::CycleId cycle, domain::Instant now) {
  connection.execute(
      "UPDATE meeting SET cycle_id = NULL, session_number = NULL, updated_at = ?, version = "
      "version + 1 WHERE cycle_id = ?",
      {now, cycle});
  connection.execute(
      "UPDATE registration r JOIN enrolment e ON e.id = r.enrolment_id SET r.enrolment_id = NULL "
      "WHERE e.cycle_id = ?",
      {cycle});
  delete_materials_of(connection, cycle);
  delete_parts(connection, "enrolment",
               read_ids<domain::EnrolmentId>(
                   connection.query("SELECT id FROM enrolment WHERE cycle_id = ?", {cycle})));
  delete_parts(connection, "cycle", std::vector{cycle});
  connection.execute("DELETE FROM cycle WHERE id = ?", {cycle});
}

std::vector<BinnedThing> list_binned(Connection& connection, const domain::Reach& reach,
                                     int limit) {
  const Condition cycles = cycle_within(reach);
  const Condition meetings = meeting_within(reach);
  const std::string sql =
      "SELECT 1 AS is_cycle, c.id, c.title, '', 0, c.status_before_bin, c.binned_at AS binned_at, "
      "(SELECT a.actor FROM activity a WHERE a.subject = CONCAT('cycle:', c.id) AND a.verb = "
      "'cycle.binned' ORDER BY a.id DESC LIMIT 1), (SELECT COUNT(*) FROM meeting s WHERE "
      "s.cycle_id = c.id AND s.status = 'binned' AND s.binned_at = c.binned_at) FROM cycle c WHERE "
      "c.status = 'binned' AND " +
      cycles.sql +
      " UNION ALL SELECT 0, m.id, m.title, c.title, c.status = 'binned', m.status_before_bin, "
      "m.binned_at, (SELECT a.actor FROM activity a WHERE a.subject = CONCAT('meeting:', m.id) AND "
      "a.verb = 'meeting.binned' ORDER BY a.id DESC LIMIT 1), 0 FROM meeting m LEFT JOIN cycle c "
      "ON c.id = m.cycle_id WHERE m.status = 'binned' AND NOT (COALESCE(c.status, '') = 'binned' "
      "AND c.binned_at = m.binned_at) AND " +
      meetings.sql + " ORDER BY binned_at DESC, is_cycle DESC, 2 DESC LIMIT ?";
  std::vector<Parameter> parameters = cycles.parameters;
  parameters.insert(parameters.end(), meetings.parameters.begin(), meetings.parameters.end());
  parameters.emplace_back(limit);
  std::vector<BinnedThing> things;
  for (const auto row : connection.query(sql, parameters)) things.push_back(read_binned(row));
  return things;
}

std::vector<domain::MeetingId> list_meetings_of(Connection& connection, domain::CycleId cycle,
                                                const std::string& status) {
  constexpr std::string_view kSelect =
      "SELECT id FROM meeting WHERE cycle_id = ? AND IF(? = '', status <> 'binned', status = ?) "
      "ORDER BY id";
  return read_ids<domain::MeetingId>(connection.query(kSelect, {cycle, status, status}));
}

std::vector<domain::MeetingId> list_binned_with(Connection& connection, domain::CycleId cycle) {
  constexpr std::string_view kSelect =
      "SELECT m.id FROM meeting m JOIN cycle c ON c.id = m.cycle_id WHERE c.id = ? AND m.status = "
      "'binned' AND m.binned_at = c.binned_at ORDER BY m.id";
  return read_ids<domain::MeetingId>(connection.query(kSelect, {cycle}));
}

bool has_registrations(Connection& connection, domain::MeetingId meeting) {
  return !connection.query("SELECT 1 FROM registration WHERE meeting_id = ? LIMIT 1", {meeting})
              .empty();
}

bool has_enrolments(Connection& connection, domain::CycleId cycle) {
  return !connection.query("SELECT 1 FROM enrolment WHERE cycle_id = ? LIMIT 1", {cycle}).empty();
}

bool is_cycle_binned(Connection& connection, domain::MeetingId meeting) {
  constexpr std::string_view kSelect =
      "SELECT 1 FROM meeting m JOIN cycle c ON c.id = m.cycle_id WHERE m.id = ? AND c.status = "
      "'binned'";
  return !connection.query(kSelect, {meeting}).empty();
}

std::vector<domain::MeetingId> list_stale_meetings(Connection& connection, domain::Instant before) {
  constexpr std::string_view kSelect =
      "SELECT id FROM meeting WHERE binned_at < ? AND status = 'binned' ORDER BY binned_at, id";
  return read_ids<domain::MeetingId>(connection.query(kSelect, {before}));
}

std::vector<domain::CycleId> list_stale_cycles(Connection& connection, domain::Instant before) {
  constexpr std::string_view kSelect =
      "SELECT id FROM cycle WHERE binned_at < ? AND status = 'binned' ORDER BY binned_at, id";
  return read_ids<domain::CycleId>(connection.query(kSelect, {before}));
}

bool lock_stale_meeting(Connection& connection, domain::MeetingId meeting, domain::Instant before) {
  constexpr std::string_view kLock =
      "SELECT status = 'binned' AND binned_at < ? FROM meeting WHERE id = ? FOR UPDATE";
  const Rows rows = connection.query(kLock, {before, meeting});
  return !rows.empty() && !rows[0].is_null(0) && rows[0].boolean(0);
}

bool lock_stale_cycle(Connection& connection, domain::CycleId cycle, domain::Instant before) {
  constexpr std::string_view kLock =
      "SELECT status = 'binned' AND binned_at < ? FROM cycle WHERE id = ? FOR UPDATE";
  const Rows rows = connection.query(kLock, {before, cycle});
  return !rows.empty() && !rows[0].is_null(0) && rows[0].boolean(0);
}

}  // namespace narada::storage
