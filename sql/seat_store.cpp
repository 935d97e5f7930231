#include "sql/seat_store.h"

#include "sql/institution_store.h"
#include "sql/meeting_rows.h"
#include "sql/row_key.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

// Where the columns of the cycle, the topic, one place and its host begin in the SELECT list.
constexpr std::size_t kCycleColumn = 37;
constexpr std::size_t kTopicColumn = 41;
constexpr std::size_t kPlaceColumn = 45;
constexpr std::size_t kHostColumn = 50;

constexpr std::string_view kSelectMeeting =
    "SELECT m.id, m.slug, m.title, m.form, m.status, m.session_number, "
    "m.starts, m.ends, m.tzid, m.time_precision, m.starts_at, m.ends_at, m.previous_starts, "
    "m.online_url, m.summary, m.waitlist, m.approval, "
    "m.registration_opens_at, m.registration_closes_at, m.uid, m.sequence, m.cancel_reason, "
    "m.version, m.updated_at, "
    "m.onsite_offered, m.onsite_capacity, m.onsite_confirmed, m.onsite_held, m.onsite_waiting, "
    "m.online_offered, m.online_capacity, m.online_confirmed, m.online_held, m.online_waiting, "
    "m.pending, m.queue_counter, m.has_place_rules, "
    "c.id, c.slug, c.title, c.uid, t.id, t.slug, t.name, t.name_en, "
    "p.name, p.address, p.room, p.latitude, p.longitude, "
    "i.id, i.slug, i.teryt, i.name, i.kind, i.latitude, i.longitude "
    "FROM meeting m LEFT JOIN cycle c ON c.id = m.cycle_id LEFT JOIN topic t ON t.id = m.topic_id "
    "LEFT JOIN meeting_place p ON p.meeting_id = m.id "
    "LEFT JOIN institution i ON i.id = p.institution_id ";

domain::Place read_place(const Rows::Row& row) {
  domain::Place place;
  place.name = row.text(kPlaceColumn);
  place.address = row.text(kPlaceColumn + 1);
  place.room = row.text(kPlaceColumn + 2);
  if (!row.is_null(kPlaceColumn + 3) && !row.is_null(kPlaceColumn + 4)) {
    place.position = domain::GeoPoint{row.real(kPlaceColumn + 3), row.real(kPlaceColumn + 4)};
  }
  if (!row.is_null(kHostColumn)) place.institution = read_institution_ref(row, kHostColumn);
  return place;
}

void read_surroundings(const Rows::Row& row, SeatedMeeting& seated) {
  domain::Meeting& meeting = seated.meeting;
  if (!row.is_null(kCycleColumn)) {
    meeting.cycle = domain::CycleRef{row.id<domain::CycleId>(kCycleColumn),
                                     row.text(kCycleColumn + 1), row.text(kCycleColumn + 2)};
    seated.cycle_uid = row.text(kCycleColumn + 3);
  }
  if (!row.is_null(kTopicColumn)) {
    meeting.topic =
        domain::TopicRef{row.id<domain::TopicId>(kTopicColumn), row.text(kTopicColumn + 1),
                         row.text(kTopicColumn + 2), row.text(kTopicColumn + 3)};
  }
}

SeatedMeeting read_meeting(const Rows::Row& row) {
  SeatedMeeting seated;
  domain::Meeting& meeting = seated.meeting;
  meeting.id = row.id<domain::MeetingId>(0);
  meeting.slug = row.text(1);
  meeting.title = row.text(2);
  meeting.form = stored_enum("meeting.form", row.text(3), domain::find_meeting_form);
  meeting.status = stored_enum("meeting.status", row.text(4), domain::find_meeting_status);
  if (!row.is_null(5)) meeting.session_number = row.small_integer(5);
  meeting.times = read_times(row, 6);
  meeting.previous_starts = row.find_wall_time(12);
  meeting.online_url = row.text(13);
  meeting.has_online = !meeting.online_url.empty() || row.boolean(29);
  meeting.summary = row.text(14);
  meeting.waitlist = row.boolean(15);
  meeting.approval = row.boolean(16);
  meeting.window = {row.find_instant(17), row.find_instant(18)};
  meeting.uid = row.text(19);
  meeting.sequence = row.small_integer(20);
  meeting.cancel_reason = row.text(21);
  meeting.version = row.integer(22);
  meeting.updated_at = row.instant(23);
  meeting.onsite = read_seats(row, 24);
  meeting.online = read_seats(row, 29);
  meeting.pending = row.small_integer(34);
  seated.queue_counter = row.integer(35);
  seated.has_place_rules = row.boolean(36);
  read_surroundings(row, seated);
  return seated;
}

// One row for each place.
std::optional<SeatedMeeting> find_by(Connection& connection, std::string_view condition,
                                     const Parameter& key) {
  std::string sql(kSelectMeeting);
  sql += condition;
  sql += " ORDER BY p.position";
  const Rows rows = connection.query(sql, {key});
  if (rows.empty()) return std::nullopt;
  SeatedMeeting seated = read_meeting(rows[0]);
  for (const auto row : rows) {
    if (!row.is_null(kPlaceColumn)) seated.meeting.places.push_back(read_place(row));
  }
  return seated;
}

}  // namespace

std::optional<SeatState> lock_meeting(Connection& connection, domain::MeetingId meeting) {
  constexpr std::string_view kLock =
      "SELECT version, "
      "onsite_offered, onsite_capacity, onsite_confirmed, onsite_held, onsite_waiting, "
      "online_offered, online_capacity, online_confirmed, online_held, online_waiting, "
      "pending, queue_counter, has_place_rules FROM meeting WHERE id = ? FOR UPDATE";
  const Rows rows = connection.query(kLock, {meeting});
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  return SeatState{row.integer(0),        read_seats(row, 1), read_seats(row, 6),
                   row.small_integer(11), row.integer(12),    row.boolean(13)};
}

void save_seats(Connection& connection, domain::MeetingId meeting, const SeatState& state) {
  constexpr std::string_view kUpdate =
      "UPDATE meeting SET onsite_confirmed = ?, onsite_held = ?, onsite_waiting = ?, "
      "online_confirmed = ?, online_held = ?, online_waiting = ?, pending = ?, queue_counter = ? "
      "WHERE id = ?";
  connection.execute(kUpdate, {state.onsite.confirmed, state.onsite.held, state.onsite.waiting,
                               state.online.confirmed, state.online.held, state.online.waiting,
                               state.pending, state.queue_counter, meeting});
}

std::optional<SeatedMeeting> find_seated_meeting(Connection& connection, std::string_view key) {
  if (const auto id = find_row_id(key)) return find_by(connection, "WHERE m.id = ?", *id);
  return find_by(connection, "WHERE m.slug = ?", key);
}

std::optional<SeatedMeeting> find_seated_meeting(Connection& connection,
                                                 domain::MeetingId meeting) {
  return find_by(connection, "WHERE m.id = ?", meeting);
}

std::vector<SeatedMeeting> find_seated_meetings_of(Connection& connection, domain::PersonId person,
                                                   domain::Instant since) {
  std::string sql(kSelectMeeting);
  sql +=
      "JOIN registration r ON r.meeting_id = m.id WHERE r.person_id = ? AND m.ends_at > ? "
      "ORDER BY m.id, p.position";
  std::vector<SeatedMeeting> meetings;
  for (const auto row : connection.query(sql, {person, since})) {
    if (meetings.empty() || meetings.back().meeting.id != row.id<domain::MeetingId>(0)) {
      meetings.push_back(read_meeting(row));
    }
    if (!row.is_null(kPlaceColumn)) meetings.back().meeting.places.push_back(read_place(row));
  }
  return meetings;
}

void save_publication(Connection& connection, domain::MeetingId meeting, domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE meeting SET status = 'published', published_at = ?, updated_at = ?, "
      "version = version + 1 WHERE id = ?";
  connection.execute(kUpdate, {now, now, meeting});
}

void save_cancellation(Connection& connection, domain::MeetingId meeting, const std::string& reason,
                       domain::Instant now) {
  constexpr std::string_view kUpdate =
      "UPDATE meeting SET status = 'cancelled', cancel_reason = ?, cancelled_at = ?, "
      "updated_at = ?, sequence = sequence + 1, version = version + 1 WHERE id = ?";
  connection.execute(kUpdate, {reason, now, now, meeting});
}

void save_move(Connection& connection, domain::MeetingId meeting,
               std::optional<domain::WallTime> previous_starts) {
  constexpr std::string_view kUpdate =
      "UPDATE meeting SET sequence = sequence + 1, "
      "previous_starts = COALESCE(?, previous_starts) WHERE id = ?";
  connection.execute(kUpdate, {previous_starts, meeting});
}

}  // namespace narada::storage
