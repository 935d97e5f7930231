#pragma once

#include <string>
#include <string_view>

#include "service/domain/meeting.h"
#include "sql/connection.h"
#include "sql/meeting_store.h"

namespace narada::storage {

// The SELECT list and the joins of a MeetingSummary, of a meeting named `m`. One statement serves a
// page of any length: what belongs to a single row is a correlated subquery, evaluated only for the
// rows that leave the LIMIT. session_count counts every session, also the cancelled ones, so that
// "3 of 6" stays what it was; where a source published a greater number, that one.
inline constexpr std::string_view kMeetingSummaryColumns =
    "m.id, m.slug, m.title, m.form, m.status, t.id, t.slug, t.name, t.name_en,"
    " c.id, c.slug, c.title, c.status, m.session_number,"
    " GREATEST((SELECT COUNT(*) FROM meeting s WHERE s.cycle_id = m.cycle_id),"
    "  COALESCE(c.published_meeting_count, 0)),"
    " m.starts, m.ends, m.tzid, m.time_precision, m.starts_at, m.ends_at, m.previous_starts,"
    " (SELECT GROUP_CONCAT(IF(i.name IS NULL OR LOCATE(i.name, p.name) > 0, p.name,"
    "   CONCAT(p.name, ', ', i.name)) ORDER BY p.position SEPARATOR '\\n')"
    "  FROM meeting_place p LEFT JOIN institution i ON i.id = p.institution_id"
    "  WHERE p.meeting_id = m.id),"
    " m.online_offered = 1 OR m.online_url <> '',"
    " m.onsite_offered, m.onsite_capacity, m.onsite_confirmed, m.onsite_held, m.onsite_waiting,"
    " m.online_offered, m.online_capacity, m.online_confirmed, m.online_held, m.online_waiting,"
    " m.pending, m.waitlist, m.approval, m.registration_opens_at, m.registration_closes_at,"
    " m.summary, m.updated_at";
inline constexpr std::size_t kMeetingSummaryColumnCount = 41;
inline constexpr std::string_view kMeetingSummaryJoins =
    " LEFT JOIN topic t ON t.id = m.topic_id LEFT JOIN cycle c ON c.id = m.cycle_id";

// offered, capacity, confirmed, held, waiting of one mode.
domain::Seats read_seats(const Rows::Row& row, std::size_t first);
// starts, ends, tzid, time_precision, starts_at, ends_at.
domain::MeetingTimes read_times(const Rows::Row& row, std::size_t first);

// Whether what is not published yet is part of an answer.
enum class Drafts { hidden, shown };
// `drafts`: whether a cycle that is one is named.
domain::MeetingSummary read_meeting_summary(const Rows::Row& row, Drafts drafts);

}  // namespace narada::storage
