#include "sql/adoption_store.h"

#include "sql/institution_store.h"
#include "sql/practice_store.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

using domain::Adoption;
using domain::AdoptionId;

constexpr std::string_view kSelect =
    "SELECT a.id, a.status, a.since, a.learnt_at_id, a.changed, a.document_url, a.version,"
    " p.id, p.slug, p.title, m.id, m.slug, m.title, m.starts, ";
constexpr std::size_t kPracticeColumn = 7;
constexpr std::size_t kMeetingColumn = 10;
constexpr std::size_t kInstitutionColumn = 14;
constexpr std::string_view kFrom =
    " FROM adoption a JOIN practice p ON p.id = a.practice_id"
    " JOIN institution i ON i.id = a.institution_id"
    " LEFT JOIN meeting m ON m.id = a.learnt_at_id AND m.status = 'published' WHERE ";
constexpr std::string_view kOrder =
    " ORDER BY FIELD(a.status, 'adopted', 'adapting', 'considering', 'given_up'), i.name, p.title,"
    " a.id";

LearntMeeting read_meeting(const Rows::Row& row, std::size_t first) {
  return {row.id<domain::MeetingId>(first), row.text(first + 1), row.text(first + 2),
          row.wall_time(first + 3)};
}

StoredAdoption read_adoption(const Rows::Row& row) {
  StoredAdoption stored;
  Adoption& adoption = stored.adoption;
  adoption.id = row.id<AdoptionId>(0);
  adoption.status = stored_enum("adoption.status", row.text(1), domain::find_adoption_status);
  if (!row.is_null(2)) adoption.since = row.date(2);
  adoption.learnt_at = row.find_id<domain::MeetingId>(3);
  adoption.changed = row.text(4);
  adoption.document_url = row.text(5);
  adoption.version = row.integer(6);
  adoption.practice = read_practice_ref(row, kPracticeColumn);
  if (!row.is_null(kMeetingColumn)) stored.learnt_at = read_meeting(row, kMeetingColumn);
  adoption.institution = read_institution_ref(row, kInstitutionColumn);
  return stored;
}

std::vector<StoredAdoption> read_adoptions(Connection& connection, std::string_view where,
                                           const std::vector<Parameter>& parameters,
                                           std::string_view after) {
  std::string sql(kSelect);
  sql.append(kInstitutionRefColumns).append(kFrom).append(where).append(after);
  std::vector<StoredAdoption> adoptions;
  for (const auto row : connection.query(sql, parameters)) adoptions.push_back(read_adoption(row));
  return adoptions;
}

std::optional<Adoption> first_of(std::vector<StoredAdoption> found) {
  if (found.empty()) return std::nullopt;
  return std::move(found.front().adoption);
}

}  // namespace

std::vector<StoredAdoption> list_adoptions_of(Connection& connection, domain::PracticeId practice) {
  return read_adoptions(connection, "a.practice_id = ?", {practice}, kOrder);
}

std::vector<StoredAdoption> list_adoptions_by(Connection& connection,
                                              domain::InstitutionId institution) {
  return read_adoptions(connection, "a.institution_id = ? AND p.status = 'published'",
                        {institution}, kOrder);
}

std::vector<StoredAdoption> list_adoptions_from(Connection& connection,
                                                domain::InstitutionId institution) {
  constexpr std::string_view kWhere =
      "p.status = 'published' AND EXISTS (SELECT 1 FROM practice_institution g"
      " WHERE g.practice_id = p.id AND g.institution_id = ?)";
  return read_adoptions(connection, kWhere, {institution}, kOrder);
}

std::optional<Adoption> find_adoption(Connection& connection, AdoptionId id) {
  return first_of(read_adoptions(connection, "a.id = ?", {id}, ""));
}

std::optional<Adoption> lock_adoption(Connection& connection, domain::PracticeId practice,
                                      domain::InstitutionId institution) {
  const Rows rows = connection.query(
      "SELECT id FROM adoption WHERE practice_id = ? AND institution_id = ? FOR UPDATE",
      {practice, institution});
  if (rows.empty()) return std::nullopt;
  return find_adoption(connection, rows[0].id<AdoptionId>(0));
}

AdoptionId insert_adoption(Connection& connection, const Adoption& adoption, domain::Instant now) {
  constexpr std::string_view kInsert =
      "INSERT INTO adoption (practice_id, institution_id, status, since, learnt_at_id, changed,"
      " document_url, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
  return AdoptionId{connection.insert(
      kInsert,
      {adoption.practice.id, adoption.institution.id, domain::to_string(adoption.status),
       adoption.since, adoption.learnt_at, adoption.changed, adoption.document_url, now, now})};
}

void update_adoption(Connection& connection, const Adoption& adoption, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE adoption SET status = ?, since = ?, learnt_at_id = ?, changed = ?, document_url = ?,"
      " updated_at = ?, version = version + 1 WHERE id = ?";
  connection.execute(kUpdate,
                     {domain::to_string(adoption.status), adoption.since, adoption.learnt_at,
                      adoption.changed, adoption.document_url, now, adoption.id});
}

void delete_adoption(Connection& connection, AdoptionId id) {
  connection.execute("DELETE FROM adoption WHERE id = ?", {id});
}

std::vector<LearntMeeting> list_meetings_to_learn_at(Connection& connection,
                                                     domain::PracticeId practice,
                                                     domain::InstitutionId institution) {
  constexpr std::string_view kMeetings =
      "SELECT DISTINCT m.id, m.slug, m.title, m.starts FROM program_item_practice pp"
      " JOIN program_item pi ON pi.id = pp.program_item_id"
      " JOIN meeting m ON m.id = pi.meeting_id AND m.status = 'published'"
      " JOIN registration r ON r.meeting_id = m.id AND r.institution_id = ?"
      " AND r.status IN ('confirmed', 'attended')"
      " WHERE pp.practice_id = ? ORDER BY m.starts DESC, m.id DESC";
  std::vector<LearntMeeting> meetings;
  for (const auto row : connection.query(kMeetings, {institution, practice}))
    meetings.push_back(read_meeting(row, 0));
  return meetings;
}

}  // namespace narada::storage
