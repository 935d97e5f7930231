#include "sql/meeting_parts.h"

#include <map>

#include "sql/expert_store.h"
#include "sql/institution_store.h"
#include "sql/practice_store.h"

namespace narada::storage {
namespace {

using domain::Meeting;
using domain::ProgramItem;

constexpr std::string_view kPlaces =
    "SELECT p.name, p.address, p.room, p.latitude, p.longitude,"
    " i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude"
    " FROM meeting_place p LEFT JOIN institution i ON i.id = p.institution_id"
    " WHERE p.meeting_id = ? ORDER BY p.position";
constexpr std::string_view kProgram =
    "SELECT id, starts_minute, ends_minute, title, description FROM program_item"
    " WHERE meeting_id = ? ORDER BY position";
// Those of the meeting itself (item 0) and those of its program.
constexpr std::string_view kExperts =
    "SELECT 0 AS item, me.position AS place, e.id, e.slug, e.name, e.description, e.kind"
    " FROM meeting_expert me JOIN expert e ON e.id = me.expert_id WHERE me.meeting_id = ?"
    " UNION ALL SELECT pi.id, pe.position, e.id, e.slug, e.name, e.description, e.kind"
    " FROM program_item pi JOIN program_item_expert pe ON pe.program_item_id = pi.id"
    " JOIN expert e ON e.id = pe.expert_id WHERE pi.meeting_id = ? ORDER BY item, place";
constexpr std::string_view kInstitutions =
    "SELECT 0 AS item, mi.position AS place,"
    " i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude"
    " FROM meeting_institution mi JOIN institution i ON i.id = mi.institution_id"
    " WHERE mi.meeting_id = ? AND mi.role = 'presenting'"
    " UNION ALL SELECT pi.id, pn.position,"
    " i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude"
    " FROM program_item pi JOIN program_item_institution pn ON pn.program_item_id = pi.id"
    " JOIN institution i ON i.id = pn.institution_id WHERE pi.meeting_id = ?"
    " ORDER BY item, place";
constexpr std::string_view kPractices =
    "SELECT pi.id, p.id, p.slug, p.title FROM program_item pi"
    " JOIN program_item_practice pp ON pp.program_item_id = pi.id"
    " JOIN practice p ON p.id = pp.practice_id AND p.status = 'published'"
    " WHERE pi.meeting_id = ? ORDER BY pi.id, pp.position";

constexpr std::string_view kDeletePlaces = "DELETE FROM meeting_place WHERE meeting_id = ?";
constexpr std::string_view kDeleteExperts = "DELETE FROM meeting_expert WHERE meeting_id = ?";
constexpr std::string_view kDeleteInstitutions =
    "DELETE FROM meeting_institution WHERE meeting_id = ? AND role = 'presenting'";
constexpr std::string_view kDeleteProgram = "DELETE FROM program_item WHERE meeting_id = ?";
constexpr std::string_view kInsertPlace =
    "INSERT INTO meeting_place (meeting_id, position, name, address, room, institution_id,"
    " latitude, longitude) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kInsertExpert =
    "INSERT INTO meeting_expert (meeting_id, expert_id, position) VALUES (?, ?, ?)";
constexpr std::string_view kInsertInstitution =
    "INSERT INTO meeting_institution (meeting_id, institution_id, role, position)"
    " VALUES (?, ?, 'presenting', ?)";
constexpr std::string_view kInsertProgramItem =
    "INSERT INTO program_item (meeting_id, position, starts_minute, ends_minute, title,"
    " description) VALUES (?, ?, ?, ?, ?, ?) RETURNING id";
constexpr std::string_view kInsertProgramExpert =
    "INSERT INTO program_item_expert (program_item_id, expert_id, position) VALUES (?, ?, ?)";
constexpr std::string_view kInsertProgramInstitution =
    "INSERT INTO program_item_institution (program_item_id, institution_id, position)"
    " VALUES (?, ?, ?)";
constexpr std::string_view kInsertProgramPractice =
    "INSERT INTO program_item_practice (program_item_id, practice_id, position) VALUES (?, ?, ?)";

domain::Place read_place(const Rows::Row& row) {
  domain::Place place;
  place.name = row.text(0);
  place.address = row.text(1);
  place.room = row.text(2);
  if (!row.is_null(3) && !row.is_null(4)) place.position = {row.real(3), row.real(4)};
  if (!row.is_null(5)) place.institution = read_institution_ref(row, 5);
  return place;
}

void load_program(Connection& connection, Meeting& meeting,
                  std::map<std::int64_t, ProgramItem*>& items) {
  const Rows rows = connection.query(kProgram, {meeting.id});
  meeting.program.reserve(rows.size());  // the map points into it
  for (const auto row : rows) {
    ProgramItem& item = meeting.program.emplace_back();
    item.starts_minute = row.small_integer(1);
    item.ends_minute = row.small_integer(2);
    item.title = row.text(3);
    item.description = row.text(4);
    items[row.integer(0)] = &item;
  }
}

void insert_program(Connection& connection, const Meeting& meeting) {
  int position = 0;
  for (const ProgramItem& item : meeting.program) {
    const std::int64_t id =
        connection.insert(kInsertProgramItem, {meeting.id, position++, item.starts_minute,
                                               item.ends_minute, item.title, item.description});
    int place = 0;
    for (const auto& expert : item.experts) {
      connection.execute(kInsertProgramExpert, {id, expert.id, place++});
    }
    place = 0;
    for (const auto& institution : item.institutions) {
      connection.execute(kInsertProgramInstitution, {id, institution.id, place++});
    }
    place = 0;
    for (const auto& practice : item.practices) {
      connection.execute(kInsertProgramPractice, {id, practice.id, place++});
    }
  }
}

void insert_place(Connection& connection, domain::MeetingId meeting, int position,
                  const domain::Place& place) {
  std::optional<domain::InstitutionId> host;
  if (place.institution) host = place.institution->id;
  std::optional<double> latitude, longitude;
  if (place.position) {
    latitude = place.position->latitude;
    longitude = place.position->longitude;
  }
  connection.execute(kInsertPlace, {meeting, position, place.name, place.address, place.room, host,
                                    latitude, longitude});
}

}  // namespace

void load_meeting_parts(Connection& connection, Meeting& meeting) {
  for (const auto row : connection.query(kPlaces, {meeting.id})) {
    meeting.places.push_back(read_place(row));
  }
  std::map<std::int64_t, ProgramItem*> items;
  load_program(connection, meeting, items);
  for (const auto row : connection.query(kExperts, {meeting.id, meeting.id})) {
    const auto item = items.find(row.integer(0));
    (item == items.end() ? meeting.experts : item->second->experts).push_back(read_expert(row, 2));
  }
  for (const auto row : connection.query(kInstitutions, {meeting.id, meeting.id})) {
    const auto item = items.find(row.integer(0));
    (item == items.end() ? meeting.presenting : item->second->institutions)
        .push_back(read_institution_ref(row, 2));
  }
  if (items.empty()) return;
  for (const auto row : connection.query(kPractices, {meeting.id})) {
    items.at(row.integer(0))->practices.push_back(read_practice_ref(row, 1));
  }
}

void replace_meeting_parts(Connection& connection, const Meeting& meeting) {
  for (const std::string_view sql :
       {kDeletePlaces, kDeleteExperts, kDeleteInstitutions, kDeleteProgram}) {
    connection.execute(sql, {meeting.id});
  }
  int position = 0;
  for (const auto& place : meeting.places) {
    insert_place(connection, meeting.id, position++, place);
  }
  position = 0;
  for (const auto& expert : meeting.experts) {
    connection.execute(kInsertExpert, {meeting.id, expert.id, position++});
  }
  position = 0;
  for (const auto& institution : meeting.presenting) {
    connection.execute(kInsertInstitution, {meeting.id, institution.id, position++});
  }
  insert_program(connection, meeting);
}

}  // namespace narada::storage
