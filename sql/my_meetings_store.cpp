#include "sql/my_meetings_store.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "sql/meeting_rows.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

domain::MeetingStatus status_before_bin(const std::string& name) {
  return stored_enum("meeting.status_before_bin", name, domain::find_meeting_status);
}

// Of the person's meetings that lie in the bin.
std::unordered_map<domain::MeetingId, domain::MeetingStatus> find_statuses_before_bin(
    Connection& connection, domain::PersonId person) {
  constexpr std::string_view kSelect =
      "SELECT m.id, m.status_before_bin FROM registration r JOIN meeting m ON m.id = r.meeting_id "
      "WHERE r.person_id = ? AND m.status = 'binned'";
  std::unordered_map<domain::MeetingId, domain::MeetingStatus> statuses;
  for (const auto row : connection.query(kSelect, {person})) {
    statuses.emplace(row.id<domain::MeetingId>(0), status_before_bin(row.text(1)));
  }
  return statuses;
}

MyRegistrationRow read_my_registration(const Rows::Row& row) {
  constexpr std::size_t kFirst = kMeetingSummaryColumnCount;
  MyRegistrationRow mine;
  mine.meeting = read_meeting_summary(row, Drafts::hidden);
  mine.id = row.id<domain::RegistrationId>(kFirst);
  mine.status =
      stored_enum("registration.status", row.text(kFirst + 1), domain::find_registration_status);
  mine.mode = stored_enum("registration.mode", row.text(kFirst + 2), domain::find_attendance_mode);
  mine.enrolment = row.find_id<domain::EnrolmentId>(kFirst + 3);
  if (!row.is_null(kFirst + 4)) mine.queue_position = row.small_integer(kFirst + 4);
  mine.in_bin = mine.meeting.status == domain::MeetingStatus::binned;
  if (mine.in_bin) mine.meeting.status = status_before_bin(row.text(kFirst + 5));
  return mine;
}

}  // namespace

std::vector<MyRegistrationRow> list_my_registrations(Connection& connection,
                                                     domain::PersonId person, int limit) {
  std::string sql = "SELECT ";
  sql += kMeetingSummaryColumns;
  sql +=
      ", r.id, r.status, r.mode, r.enrolment_id, CASE WHEN r.status = 'waitlisted' THEN "
      "(SELECT COUNT(*) FROM registration w WHERE w.meeting_id = r.meeting_id "
      "AND w.status = 'waitlisted' AND w.mode = r.mode AND w.queue_number <= r.queue_number) END, "
      "m.status_before_bin "
      "FROM registration r JOIN meeting m ON m.id = r.meeting_id";
  sql += kMeetingSummaryJoins;
  sql +=
      " WHERE r.person_id = ? AND m.status_before_bin <> 'draft' ORDER BY m.starts_at DESC, "
      "m.id DESC LIMIT ?";
  std::vector<MyRegistrationRow> mine;
  for (const auto row : connection.query(sql, {person, limit})) {
    mine.push_back(read_my_registration(row));
  }
  std::reverse(mine.begin(), mine.end());
  return mine;
}

std::vector<MyCycleRow> list_my_cycles(Connection& connection, domain::PersonId person,
                                       domain::Instant now) {
  constexpr std::string_view kSelect =
      "SELECT e.id, c.slug, c.title, "
      "(SELECT MIN(m.starts_at) FROM meeting m WHERE m.cycle_id = c.id AND m.status = 'published' "
      "AND IF(m.time_precision = 'month', m.ends_at, m.starts_at) > ?), "
      "(SELECT m.time_precision = 'month' FROM meeting m WHERE m.cycle_id = c.id "
      "AND m.status = 'published' AND IF(m.time_precision = 'month', m.ends_at, m.starts_at) > ? "
      "ORDER BY m.starts_at LIMIT 1) FROM enrolment e JOIN cycle c ON c.id = e.cycle_id "
      "WHERE e.person_id = ? AND e.status = 'active' AND c.status NOT IN ('cancelled', 'binned') "
      "AND "
      "EXISTS (SELECT 1 FROM meeting m WHERE m.cycle_id = c.id AND m.status NOT IN ('cancelled', "
      "'binned') "
      "AND m.ends_at > ?) ORDER BY c.title, c.id";
  std::vector<MyCycleRow> cycles;
  for (const auto row : connection.query(kSelect, {now, now, person, now})) {
    cycles.push_back({row.id<domain::EnrolmentId>(0), row.text(1), row.text(2), row.find_instant(3),
                      !row.is_null(4) && row.boolean(4)});
  }
  return cycles;
}

std::optional<int> find_feed_generation(Connection& connection, domain::PersonId person) {
  constexpr std::string_view kSelect =
      "SELECT feed_generation FROM person WHERE id = ? AND erased_at IS NULL";
  const Rows rows = connection.query(kSelect, {person});
  if (rows.empty()) return std::nullopt;
  return rows[0].small_integer(0);
}

bool raise_feed_generation(Connection& connection, domain::PersonId person, int seen,
                           domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE person SET feed_generation = feed_generation + 1, updated_at = ? "
      "WHERE id = ? AND feed_generation = ? AND erased_at IS NULL";
  return connection.execute(kUpdate, {now, person, seen}) == 1;
}

std::vector<MyCalendarEntry> list_my_calendar(Connection& connection, domain::PersonId person,
                                              domain::Instant since) {
  auto registrations = find_registrations_of_person(connection, person, since);
  std::unordered_map<domain::MeetingId, SeatedMeeting> meetings;
  for (auto& seated : find_seated_meetings_of(connection, person, since)) {
    const auto id = seated.meeting.id;
    meetings.emplace(id, std::move(seated));
  }
  const auto before = find_statuses_before_bin(connection, person);
  std::vector<MyCalendarEntry> entries;
  for (auto& stored : registrations) {
    const auto found = meetings.find(stored.registration.meeting);
    if (found == meetings.end()) continue;
    auto& status = found->second.meeting.status;
    if (status == domain::MeetingStatus::binned) {
      const auto was = before.find(stored.registration.meeting);
      if (was == before.end() || was->second == domain::MeetingStatus::draft) continue;
      status = was->second;
    }
    entries.push_back({std::move(stored), found->second});
  }
  return entries;
}

std::vector<Participant> list_participants(Connection& connection,
                                           domain::RegistrationId registration) {
  constexpr std::string_view kSelect =
      "SELECT r.id, r.person_id, IF(p.erased_at IS NULL, r.institution_id, NULL), r.status, "
      "p.erased_at IS NULL AND r.visible, p.full_name, i.name "
      "FROM registration own JOIN registration r ON r.meeting_id = own.meeting_id "
      "JOIN person p ON p.id = r.person_id LEFT JOIN institution i ON i.id = r.institution_id "
      "WHERE own.id = ? AND (r.status = 'confirmed' OR r.id = own.id) "
      "ORDER BY i.name, p.full_name, r.id";
  std::vector<Participant> participants;
  for (const auto row : connection.query(kSelect, {registration})) {
    Participant one;
    one.registration = row.id<domain::RegistrationId>(0);
    one.participation = {
        row.id<domain::PersonId>(1), row.find_id<domain::InstitutionId>(2),
        stored_enum("registration.status", row.text(3), domain::find_registration_status),
        row.boolean(4)};
    one.full_name = row.text(5);
    one.institution = row.text_or_empty(6);
    participants.push_back(std::move(one));
  }
  return participants;
}

}  // namespace narada::storage
