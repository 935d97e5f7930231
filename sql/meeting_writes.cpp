#include "sql/meeting_parts.h"
#include "sql/meeting_store.h"

namespace narada::storage {
namespace {

using domain::Meeting;

constexpr std::string_view kInsert =
    "INSERT INTO meeting (slug, uid, status, sequence, title, form, topic_id, cycle_id,"
    " session_number, starts, ends, tzid, time_precision, starts_at, ends_at, online_url,"
    " onsite_offered, onsite_capacity, online_offered, online_capacity, waitlist, approval,"
    " registration_opens_at, registration_closes_at, summary, description, audience,"
    " accessibility, contact, organizer, source_url, caveat, created_at, updated_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
    " ?, ?, ?, ?, ?, ?) RETURNING id";
// times_set_at first: assigned from left to right, it still sees the beginning as it was.
constexpr std::string_view kUpdate =
    "UPDATE meeting SET times_set_at = IF(starts_at = ? AND time_precision = ?, times_set_at, ?),"
    " title = ?, form = ?, topic_id = ?, cycle_id = ?, session_number = ?,"
    " starts = ?, ends = ?, tzid = ?, time_precision = ?, starts_at = ?, ends_at = ?,"
    " online_url = ?, onsite_offered = ?, onsite_capacity = ?, online_offered = ?,"
    " online_capacity = ?, waitlist = ?, approval = ?, registration_opens_at = ?,"
    " registration_closes_at = ?, summary = ?, description = ?, audience = ?, accessibility = ?,"
    " contact = ?, organizer = ?, source_url = ?, caveat = ?, version = version + 1,"
    " updated_at = ? WHERE id = ?";

// What an insert and an update have in common, in the order of both statements.
void append_columns(std::vector<Parameter>& parameters, const Meeting& meeting) {
  std::optional<domain::TopicId> topic;
  if (meeting.topic) topic = meeting.topic->id;
  std::optional<domain::CycleId> cycle;
  if (meeting.cycle) cycle = meeting.cycle->id;
  const domain::MeetingTimes& times = meeting.times;
  const std::initializer_list<Parameter> columns = {meeting.title,
                                                    to_string(meeting.form),
                                                    topic,
                                                    cycle,
                                                    meeting.session_number,
                                                    times.starts,
                                                    times.ends,
                                                    times.tzid,
                                                    to_string(times.precision),
                                                    times.starts_at,
                                                    times.ends_at,
                                                    meeting.online_url,
                                                    meeting.onsite.offered,
                                                    meeting.onsite.capacity,
                                                    meeting.online.offered,
                                                    meeting.online.capacity,
                                                    meeting.waitlist,
                                                    meeting.approval,
                                                    meeting.window.opens_at,
                                                    meeting.window.closes_at,
                                                    meeting.summary,
                                                    meeting.description,
                                                    meeting.audience,
                                                    meeting.accessibility,
                                                    meeting.contact,
                                                    meeting.organizer,
                                                    meeting.source_url,
                                                    meeting.caveat};
  parameters.insert(parameters.end(), columns);
}

}  // namespace

domain::MeetingId insert_meeting(Connection& connection, const Meeting& meeting,
                                 domain::Instant now) {
  std::vector<Parameter> parameters{meeting.slug, meeting.uid, to_string(meeting.status),
                                    meeting.sequence};
  append_columns(parameters, meeting);
  parameters.insert(parameters.end(), {now, now});
  Meeting stored = meeting;
  stored.id = domain::MeetingId{connection.insert(kInsert, parameters)};
  replace_meeting_parts(connection, stored);
  return stored.id;
}

void update_meeting(Connection& connection, const Meeting& meeting, domain::Instant now) {
  std::vector<Parameter> parameters{meeting.times.starts_at, to_string(meeting.times.precision),
                                    now};
  append_columns(parameters, meeting);
  parameters.insert(parameters.end(), {now, meeting.id});
  connection.execute(kUpdate, parameters);
  replace_meeting_parts(connection, meeting);
}

}  // namespace narada::storage
