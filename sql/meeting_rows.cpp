#include "sql/meeting_rows.h"

#include "sql/line_list.h"
#include "sql/stored_enum.h"

namespace narada::storage {
namespace {

std::optional<int> find_small_integer(const Rows::Row& row, std::size_t column) {
  if (row.is_null(column)) return std::nullopt;
  return row.small_integer(column);
}

std::optional<domain::TopicRef> read_topic(const Rows::Row& row, std::size_t first) {
  if (row.is_null(first)) return std::nullopt;
  return domain::TopicRef{row.id<domain::TopicId>(first), row.text(first + 1), row.text(first + 2),
                          row.text(first + 3)};
}

void read_cycle(const Rows::Row& row, Drafts drafts, domain::MeetingSummary& meeting) {
  if (row.is_null(9) || (row.text(12) == "draft" && drafts == Drafts::hidden)) return;
  meeting.cycle = domain::CycleRef{row.id<domain::CycleId>(9), row.text(10), row.text(11)};
  meeting.session_number = find_small_integer(row, 13);
  meeting.session_count = find_small_integer(row, 14);
}

}  // namespace

domain::Seats read_seats(const Rows::Row& row, std::size_t first) {
  domain::Seats seats;
  seats.offered = row.boolean(first);
  seats.capacity = find_small_integer(row, first + 1);
  seats.confirmed = row.small_integer(first + 2);
  seats.held = row.small_integer(first + 3);
  seats.waiting = row.small_integer(first + 4);
  return seats;
}

domain::MeetingTimes read_times(const Rows::Row& row, std::size_t first) {
  domain::MeetingTimes times;
  times.starts = row.wall_time(first);
  times.ends = row.wall_time(first + 1);
  times.tzid = row.text(first + 2);
  times.precision =
      stored_enum("meeting.time_precision", row.text(first + 3), domain::find_time_precision);
  times.starts_at = row.instant(first + 4);
  times.ends_at = row.instant(first + 5);
  return times;
}

domain::MeetingSummary read_meeting_summary(const Rows::Row& row, Drafts drafts) {
  domain::MeetingSummary meeting;
  meeting.id = row.id<domain::MeetingId>(0);
  meeting.slug = row.text(1);
  meeting.title = row.text(2);
  meeting.form = stored_enum("meeting.form", row.text(3), domain::find_meeting_form);
  meeting.status = stored_enum("meeting.status", row.text(4), domain::find_meeting_status);
  meeting.topic = read_topic(row, 5);
  read_cycle(row, drafts, meeting);
  meeting.times = read_times(row, 15);
  meeting.previous_starts = row.find_wall_time(21);
  meeting.place_names = split_lines(row.text_or_empty(22));
  meeting.has_online = row.boolean(23);
  meeting.onsite = read_seats(row, 24);
  meeting.online = read_seats(row, 29);
  meeting.pending = row.small_integer(34);
  meeting.waitlist = row.boolean(35);
  meeting.approval = row.boolean(36);
  meeting.window = {row.find_instant(37), row.find_instant(38)};
  meeting.summary = row.text(39);
  meeting.updated_at = row.instant(40);
  return meeting;
}

}  // namespace narada::storage
