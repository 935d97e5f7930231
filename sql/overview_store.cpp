#include "sql/overview_store.h"

#include "sql/meeting_rows.h"
#include "sql/reach_condition.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

// Where the columns of one mode begin in the SELECT list.
constexpr std::size_t kOnsite = 9;
constexpr std::size_t kOnline = 14;

// What is counted of a meeting's rows is counted only where its counters say that there is any.
constexpr std::string_view kSelectMeetings =
    "SELECT m.id, m.title, COALESCE(c.title, ''), m.status, m.starts, m.ends, m.time_precision,"
    " m.starts_at, m.ends_at,"
    " m.onsite_offered, m.onsite_capacity, m.onsite_confirmed, m.onsite_held, m.onsite_waiting,"
    " m.online_offered, m.online_capacity, m.online_confirmed, m.online_held, m.online_waiting,"
    " m.pending, m.publish_at,"
    " IF(m.pending > 0, (SELECT MIN(r.created_at) FROM registration r"
    "  WHERE r.meeting_id = m.id AND r.status = 'pending'), NULL),"
    " IF(m.starts_at <= ?, (SELECT COUNT(*) FROM registration r"
    "  WHERE r.meeting_id = m.id AND r.status = 'confirmed'), 0),"
    " IF(m.has_place_rules, (SELECT COALESCE(SUM(GREATEST(d.places - (SELECT COUNT(*)"
    "  FROM registration r WHERE r.delegation_id = d.id AND r.status IN"
    "  ('pending', 'confirmed', 'waitlisted')), 0)), 0) FROM delegation d"
    "  WHERE d.meeting_id = m.id), 0)"
    " FROM meeting m LEFT JOIN cycle c ON c.id = m.cycle_id"
    " WHERE m.ends_at >= ? AND m.status IN ('draft', 'published') AND ";

domain::OverviewMeeting read_meeting(const Rows::Row& row) {
  domain::OverviewMeeting meeting;
  meeting.id = row.id<domain::MeetingId>(0);
  meeting.title = row.text(1);
  meeting.cycle = row.text(2);
  meeting.status = stored_enum("meeting.status", row.text(3), domain::find_meeting_status);
  meeting.times.starts = row.wall_time(4);
  meeting.times.ends = row.wall_time(5);
  meeting.times.precision =
      stored_enum("meeting.time_precision", row.text(6), domain::find_time_precision);
  meeting.times.starts_at = row.instant(7);
  meeting.times.ends_at = row.instant(8);
  meeting.onsite = read_seats(row, kOnsite);
  meeting.online = read_seats(row, kOnline);
  meeting.pending = row.small_integer(19);
  meeting.publish_at = row.find_instant(20);
  meeting.oldest_pending = row.find_instant(21);
  meeting.unmarked = row.small_integer(22);
  meeting.open_names = row.small_integer(23);
  return meeting;
}

}  // namespace

std::vector<domain::OverviewMeeting> list_overview_meetings(Connection& connection,
                                                            const domain::Reach& reach,
                                                            domain::Instant since,
                                                            domain::Instant now, int limit) {
  const Condition within = meeting_within(reach);
  std::vector<Parameter> parameters{now, since};
  parameters.insert(parameters.end(), within.parameters.begin(), within.parameters.end());
  parameters.emplace_back(limit);
  std::vector<domain::OverviewMeeting> meetings;
  for (const auto row : connection.query(
           std::string(kSelectMeetings) + within.sql + " ORDER BY m.starts_at, m.id LIMIT ?",
           parameters))
    meetings.push_back(read_meeting(row));
  return meetings;
}

MailTroubleRow count_mail_trouble(Connection& connection, const domain::Reach& reach,
                                  bool of_accounts, domain::Instant since) {
  const Condition within = meeting_within(reach);
  std::string sql =
      "SELECT o.state, COUNT(*) FROM outgoing_mail o LEFT JOIN meeting m ON m.id = o.meeting_id"
      " WHERE o.state IN ('failed', 'bounced', 'awaiting_retry')"
      " AND COALESCE(o.last_attempt_at, o.created_at) >= ? AND (";
  sql.append(of_accounts ? "o.meeting_id IS NULL OR " : "").append("(m.id IS NOT NULL AND ");
  sql.append(within.sql).append(")) GROUP BY o.state");
  std::vector<Parameter> parameters{since};
  parameters.insert(parameters.end(), within.parameters.begin(), within.parameters.end());
  MailTroubleRow found;
  for (const auto row : connection.query(sql, parameters))
    (row.text(0) == "awaiting_retry" ? found.awaiting : found.failed) += row.integer(1);
  return found;
}

std::vector<DraftPractice> list_draft_practices(Connection& connection, const domain::Reach& reach,
                                                int limit) {
  Condition within = practice_within(reach);
  within.parameters.emplace_back(limit);
  std::vector<DraftPractice> practices;
  for (const auto row :
       connection.query("SELECT p.id, p.slug, p.title, p.updated_at FROM practice p WHERE "
                        "p.status = 'draft' AND " +
                            within.sql + " ORDER BY p.updated_at, p.id LIMIT ?",
                        within.parameters))
    practices.push_back({row.id<domain::PracticeId>(0), row.text(1), row.text(2), row.instant(3)});
  return practices;
}

std::vector<FailedPublicationRow> list_failed_publications(Connection& connection,
                                                           const domain::Reach& reach) {
  const Condition meetings = meeting_within(reach);
  const Condition cycles = cycle_within(reach);
  std::vector<Parameter> parameters = meetings.parameters;
  parameters.insert(parameters.end(), cycles.parameters.begin(), cycles.parameters.end());
  const std::string sql =
      "SELECT 0, m.id, m.title AS title, m.publish_problem FROM meeting m"
      " WHERE m.status = 'draft' AND m.publish_problem <> '' AND " +
      meetings.sql +
      " UNION ALL SELECT 1, c.id, c.title, c.publish_problem FROM cycle c"
      " WHERE c.status = 'draft' AND c.publish_problem <> '' AND " +
      cycles.sql + " ORDER BY title LIMIT 50";
  std::vector<FailedPublicationRow> failed;
  for (const auto row : connection.query(sql, parameters))
    failed.push_back({row.boolean(0), row.integer(1), row.text(2), row.text(3)});
  return failed;
}

std::vector<HeldChangeRow> list_held_changes(Connection& connection, const domain::Reach& reach,
                                             domain::Instant now) {
  const Condition within = meeting_within(reach);
  std::vector<Parameter> parameters{now};
  parameters.insert(parameters.end(), within.parameters.begin(), within.parameters.end());
  std::vector<HeldChangeRow> changes;
  for (const auto row : connection.query(
           "SELECT h.id, m.id, m.title, h.kind, h.held_until FROM held_change h"
           " JOIN meeting m ON m.id = h.meeting_id WHERE h.held_until > ? AND h.undone_at IS NULL"
           " AND " +
               within.sql + " ORDER BY h.held_until, h.id",
           parameters))
    changes.push_back({row.id<domain::HeldChangeId>(0), row.id<domain::MeetingId>(1), row.text(2),
                       row.text(3), row.instant(4)});
  return changes;
}

}  // namespace narada::storage
