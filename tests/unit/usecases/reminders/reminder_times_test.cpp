#include "service/usecases/reminders/reminder_times.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "calendar/zone.h"
#include "service/usecases/reminders/reminders.h"

using namespace narada;
using namespace std::chrono_literals;
using domain::TimePrecision;
using usecases::ReminderTime;

namespace {

constexpr const char* kWarsaw = "Europe/Warsaw";

domain::Instant utc(const char* text) {
  const auto instant = calendar::parse_rfc3339(text);
  REQUIRE(instant.has_value());
  return *instant;
}

domain::MeetingTimes meeting_at(const char* wall, TimePrecision precision = TimePrecision::minute,
                                const char* zone = kWarsaw) {
  domain::MeetingTimes times;
  const auto starts = calendar::parse_wall_time(wall);
  REQUIRE(starts.has_value());
  times.starts = *starts;
  times.ends = times.starts + 2h;
  times.tzid = zone;
  times.precision = precision;
  times.starts_at = calendar::to_instant(times.starts, zone).instant;
  times.ends_at = calendar::to_instant(times.ends, zone).instant;
  return times;
}

std::string lines(const std::vector<ReminderTime>& times, const char* zone = kWarsaw) {
  std::string text;
  for (const auto& time : times) {
    text += (text.empty() ? "" : ", ") + to_string(time.offset) + " " +
            calendar::format_rfc3339(time.due, zone);
  }
  return text;
}

std::string due(const domain::MeetingTimes& times, const char* reminders, domain::Instant now,
                std::optional<domain::Instant> since = {}) {
  const auto found =
      usecases::find_due_reminder(times, *domain::parse_reminders(reminders), since, now);
  return found ? to_string(found->offset) : "";
}

}  // namespace

TEST_CASE("days before a meeting are days on the wall, hours are hours that pass") {
  struct Row {
    const char* what;
    const char* starts;
    const char* reminders;
    const char* times;
    TimePrecision precision = TimePrecision::minute;
    const char* zone = kWarsaw;
  };
  constexpr Row kRows[] = {
      {"no change of the clock", "2027-01-19T10:00", "7d,1d,2h",
       "7d 2027-01-12T10:00:00+01:00, 1d 2027-01-18T10:00:00+01:00, 2h 2027-01-19T08:00:00+01:00"},
      {"summer time begins on the night before", "2027-03-28T10:00", "7d,1d,2h",
       "7d 2027-03-21T10:00:00+01:00, 1d 2027-03-27T10:00:00+01:00, 2h 2027-03-28T08:00:00+02:00"},
      {"hours over the beginning of summer time", "2027-03-28T04:00", "2h,25h",
       "25h 2027-03-27T02:00:00+01:00, 2h 2027-03-28T01:00:00+01:00"},
      {"the day before has no such time", "2027-03-29T02:30", "1d", "1d 2027-03-28T03:00:00+02:00"},
      {"summer time ends on the night before", "2027-10-31T10:00", "7d,1d,2h",
       "7d 2027-10-24T10:00:00+02:00, 1d 2027-10-30T10:00:00+02:00, 2h 2027-10-31T08:00:00+01:00"},
      {"hours over the end of summer time", "2027-10-31T04:00", "2h,25h",
       "25h 2027-10-30T04:00:00+02:00, 2h 2027-10-31T02:00:00+01:00"},
      {"the day before has this time twice: the first", "2027-11-01T02:30", "1d",
       "1d 2027-10-31T02:30:00+02:00"},
      {"in its own zone", "2027-03-14T09:00", "1d,2h",
       "1d 2027-03-13T09:00:00-05:00, 2h 2027-03-14T07:00:00-04:00", TimePrecision::minute,
       "America/New_York"},
      {"whole days: at nine, and no hours", "2027-01-19T00:00", "7d,1d,2h",
       "7d 2027-01-12T09:00:00+01:00, 1d 2027-01-18T09:00:00+01:00", TimePrecision::day},
      {"half-fixed: none", "2027-01-01T00:00", "7d,1d,2h", "", TimePrecision::month},
      {"25 hours come before a day", "2027-01-19T10:00", "1d,25h",
       "25h 2027-01-18T09:00:00+01:00, 1d 2027-01-18T10:00:00+01:00"},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.what);
    const auto offsets = *domain::parse_reminders(row.reminders);
    CHECK(lines(usecases::reminder_times(meeting_at(row.starts, row.precision, row.zone), offsets),
                row.zone) == row.times);
  }
}

TEST_CASE("what is due is the nearest reminder whose time has come, of a meeting to come") {
  struct Row {
    const char* what;
    const char* now;
    const char* due;
    const char* since = nullptr;
  };
  constexpr Row kRows[] = {
      {"before the first", "2027-01-12T09:59:59+01:00", ""},
      {"to the second", "2027-01-12T10:00:00+01:00", "7d"},
      {"days later: it is overdue and goes", "2027-01-17T10:00:00+01:00", "7d"},
      {"just before the next", "2027-01-18T09:59:59+01:00", "7d"},
      {"two are due: the nearest alone", "2027-01-18T10:00:00+01:00", "1d"},
      {"three are due: the nearest alone", "2027-01-19T09:59:59+01:00", "2h"},
      {"it begins", "2027-01-19T10:00:00+01:00", ""},
      {"it is over", "2027-01-20T10:00:00+01:00", ""},
      {"moved after the time of the nearest", "2027-01-18T12:00:00+01:00", "",
       "2027-01-18T11:00:00+01:00"},
      {"moved, and the next comes", "2027-01-19T08:00:00+01:00", "2h", "2027-01-18T11:00:00+01:00"},
      {"set at the very time", "2027-01-18T12:00:00+01:00", "1d", "2027-01-18T10:00:00+01:00"},
  };
  const auto times = meeting_at("2027-01-19T10:00");
  for (const auto& row : kRows) {
    CAPTURE(row.what);
    std::optional<domain::Instant> since;
    if (row.since != nullptr) since = utc(row.since);
    CHECK(due(times, "7d,1d,2h", utc(row.now), since) == row.due);
  }
  CHECK(due(times, "off", utc("2027-01-19T09:00:00+01:00")).empty());
}

TEST_CASE("who was confirmed shortly before is not reminded, and hours are useless too late") {
  const auto times = meeting_at("2027-01-19T10:00");
  const auto all = usecases::reminder_times(times, *domain::parse_reminders("1d,2h"));
  REQUIRE(all.size() == 2);
  CHECK(usecases::confirmed_before(all[0]) == utc("2027-01-18T09:30:00+01:00"));
  CHECK(usecases::useful_until(all[0], times) == times.starts_at);
  CHECK(usecases::useful_until(all[1], times) == utc("2027-01-19T09:00:00+01:00"));
  CHECK(usecases::tells_way_in(all[0].offset));
  CHECK(usecases::tells_way_in(all[1].offset));
  CHECK_FALSE(usecases::tells_way_in(*domain::find_reminder_offset("2d")));
}

TEST_CASE("a move tells which reminders it moves, wins or loses") {
  const auto offsets = *domain::parse_reminders("7d,1d,2h");
  const auto before = meeting_at("2027-01-19T10:00");
  const auto now = utc("2027-01-13T12:00:00+01:00");  // the first has gone
  const auto moves = [&](const domain::MeetingTimes& after) {
    std::string text;
    for (const auto& one : usecases::moved_reminders(before, after, offsets, now)) {
      const auto day = [](const std::optional<domain::Instant>& at) {
        return at ? calendar::format_rfc3339(*at, kWarsaw).substr(5, 11) : "-";
      };
      text += to_string(one.offset) + " " + day(one.before) + " " + day(one.after) + "; ";
    }
    return text;
  };
  CHECK(moves(before).empty());
  CHECK(moves(meeting_at("2027-01-19T11:00")) ==
        "1d 01-18T10:00 01-18T11:00; "
        "2h 01-19T08:00 01-19T09:00; ");
  CHECK(moves(meeting_at("2027-01-26T10:00")) ==
        "7d - 01-19T10:00; 1d 01-18T10:00 01-25T10:00; "
        "2h 01-19T08:00 01-26T08:00; ");
  CHECK(moves(meeting_at("2027-01-14T10:00")) == "1d 01-18T10:00 -; 2h 01-19T08:00 01-14T08:00; ");
  CHECK(moves(meeting_at("2027-02-01T00:00", TimePrecision::month)) ==
        "1d 01-18T10:00 -; 2h 01-19T08:00 -; ");
}
