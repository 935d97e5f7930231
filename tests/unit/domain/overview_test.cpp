#include "service/domain/overview.h"

#include <doctest/doctest.h>

#include "service/domain/coverage.h"

using namespace narada::domain;
using namespace std::chrono_literals;

namespace {

const Instant kNow{std::chrono::sys_days(std::chrono::year(2027) / 1 / 4) + 9h};

// Published, in ten days, half full.
OverviewMeeting meeting() {
  OverviewMeeting meeting;
  meeting.status = MeetingStatus::published;
  meeting.times.starts_at = kNow + std::chrono::days(10);
  meeting.times.ends_at = meeting.times.starts_at + 4h;
  meeting.onsite = {true, 40, 20, 0, 0};
  return meeting;
}

struct Case {
  const char* name;
  void (*change)(OverviewMeeting&);
  std::vector<MeetingNeed> needs;
};

const Case kCases[] = {
    {"half of the places taken is enough", [](OverviewMeeting&) {}, {}},
    {"one below half",
     [](OverviewMeeting& m) { m.onsite.confirmed = 19; },
     {MeetingNeed::half_empty}},
    {"places held open are taken",
     [](OverviewMeeting& m) {
       m.onsite = {true, 40, 10, 10, 0};
     },
     {}},
    {"both modes count together",
     [](OverviewMeeting& m) {
       m.online = {true, 100, 0, 0, 0};
     },
     {MeetingNeed::half_empty}},
    {"a mode without a limit is never empty",
     [](OverviewMeeting& m) {
       m.onsite = {true, std::nullopt, 0, 0, 0};
     },
     {}},
    {"not near yet",
     [](OverviewMeeting& m) {
       m.onsite.confirmed = 0;
       m.times.starts_at = kNow + kSoon + 1s;
     },
     {}},
    {"somebody waits for an answer",
     [](OverviewMeeting& m) { m.pending = 1; },
     {MeetingNeed::approvals}},
    {"an answer comes too late",
     [](OverviewMeeting& m) {
       m.pending = 1;
       m.times.starts_at = kNow;
     },
     {}},
    {"full, and somebody waits",
     [](OverviewMeeting& m) {
       m.onsite = {true, 40, 40, 0, 1};
     },
     {MeetingNeed::waiting}},
    {"somebody waits although a place is free",
     [](OverviewMeeting& m) {
       m.onsite = {true, 40, 39, 0, 1};
     },
     {}},
    {"places of a delegation without names",
     [](OverviewMeeting& m) { m.open_names = 2; },
     {MeetingNeed::open_names}},
    {"begun, and nobody has said who came",
     [](OverviewMeeting& m) {
       m.times.starts_at = kNow - 4h;
       m.times.ends_at = kNow;
       m.unmarked = 3;
     },
     {MeetingNeed::attendance}},
    {"so long ago that nobody knows",
     [](OverviewMeeting& m) {
       m.times.ends_at = kNow - kAttendanceAsked - 1s;
       m.times.starts_at = m.times.ends_at - 4h;
       m.unmarked = 3;
     },
     {}},
    {"only the month is known",
     [](OverviewMeeting& m) {
       m.times.precision = TimePrecision::month;
       m.times.starts_at = kNow - std::chrono::days(3);
       m.times.ends_at = kNow + std::chrono::days(27);
       m.unmarked = 20;
     },
     {MeetingNeed::day_open}},
    {"only the month is known, which is far",
     [](OverviewMeeting& m) {
       m.times.precision = TimePrecision::month;
       m.times.starts_at = kNow + kMonthSoon + 1s;
       m.times.ends_at = m.times.starts_at + std::chrono::days(30);
     },
     {}},
    {"a draft that is near",
     [](OverviewMeeting& m) { m.status = MeetingStatus::draft; },
     {MeetingNeed::draft}},
    {"a draft that is far",
     [](OverviewMeeting& m) {
       m.status = MeetingStatus::draft;
       m.times.starts_at = kNow + kDraftSoon + 1s;
       m.times.ends_at = m.times.starts_at + 1h;
     },
     {}},
    {"a draft that publishes itself",
     [](OverviewMeeting& m) {
       m.status = MeetingStatus::draft;
       m.publish_at = kNow + 1h;
     },
     {MeetingNeed::publishes}},
    {"nothing of what was cancelled",
     [](OverviewMeeting& m) {
       m.status = MeetingStatus::cancelled;
       m.pending = 3;
       m.onsite.confirmed = 0;
     },
     {}},
};

}  // namespace

TEST_CASE("a meeting needs what its numbers and its date say") {
  for (const auto& one : kCases) {
    CAPTURE(one.name);
    auto it = meeting();
    one.change(it);
    CHECK(needs_of(it, kNow) == one.needs);
  }
}

TEST_CASE("presence has four classes") {
  const std::pair<int, Presence> cases[] = {{0, Presence::never},     {1, Presence::seldom},
                                            {2, Presence::seldom},    {3, Presence::sometimes},
                                            {5, Presence::sometimes}, {6, Presence::often},
                                            {60, Presence::often}};
  for (const auto& [times, presence] : cases) {
    CAPTURE(times);
    CHECK(presence_of(times) == presence);
  }
}
