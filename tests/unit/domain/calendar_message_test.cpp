#include "service/domain/calendar_message.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

using namespace narada::domain;
using std::chrono::hours;

namespace {

constexpr WallTime kStart{std::chrono::local_days{std::chrono::year{2027} / 1 / 19} + hours{10}};

// Published, with a day, SEQUENCE 4, and a person with a place on site.
CalendarState state() {
  CalendarState state;
  state.times.starts = kStart;
  state.times.ends = kStart + hours{4};
  state.sequence = 4;
  state.place = "Centrum 3.0, Gliwice";
  return state;
}

CalendarTold told(CalendarMethod method, int sequence, const CalendarState& shown = state()) {
  return {CalendarMessage{method, sequence}, shown_in_calendar(shown)};
}
CalendarTold nothing() { return {}; }
CalendarTold request(int sequence) { return told(CalendarMethod::request, sequence); }
CalendarTold cancel(int sequence) { return told(CalendarMethod::cancel, sequence); }

std::string describe(const std::optional<CalendarMessage>& message) {
  if (!message) return "nothing";
  return (message->method == CalendarMethod::request ? "REQUEST " : "CANCEL ") +
         std::to_string(message->sequence);
}

struct Case {
  const char* name;
  CalendarTold told;
  std::function<void(CalendarState&)> change;
  std::string message;
  std::string repair;
};

void as_it_is(CalendarState&) {}
auto becomes(RegistrationStatus status) {
  return [status](CalendarState& state) { state.registration = status; };
}
auto meeting_becomes(MeetingStatus status) {
  return [status](CalendarState& state) { state.meeting = status; };
}
// A change of the meeting as a whole raises its SEQUENCE.
void move(CalendarState& state) {
  state.times.starts += hours{24};
  state.times.ends += hours{24};
  ++state.sequence;
}
void lose_day(CalendarState& state) {
  state.times.precision = TimePrecision::month;
  ++state.sequence;
}

const std::vector<Case>& registration_cases() {
  using enum RegistrationStatus;
  static const std::vector<Case> cases{
      {"a place at once", nothing(), as_it_is, "REQUEST 4", "REQUEST 4"},
      {"approval is awaited", nothing(), becomes(pending), "nothing", "nothing"},
      {"the waiting list is in no calendar", nothing(), becomes(waitlisted), "nothing", "nothing"},
      {"refused", nothing(), becomes(declined), "nothing", "nothing"},
      {"given up before there was a place", nothing(), becomes(cancelled), "nothing", "nothing"},
      {"still confirmed", request(4), as_it_is, "nothing", "REQUEST 4"},
      {"told before what was shown was kept",
       CalendarTold{CalendarMessage{CalendarMethod::request, 5}, ""}, as_it_is, "REQUEST 6",
       "REQUEST 6"},
      {"who came keeps the entry", request(4), becomes(attended), "nothing", "REQUEST 4"},
      {"so does who did not come", request(4), becomes(absent), "nothing", "REQUEST 4"},
      {"cancelled", request(4), becomes(cancelled), "CANCEL 5", "CANCEL 5"},
      {"handed over to somebody else", request(4), becomes(cancelled), "CANCEL 5", "CANCEL 5"},
      {"taken over by somebody new", nothing(), as_it_is, "REQUEST 4", "REQUEST 4"},
      {"taken over by somebody who had cancelled", cancel(7), as_it_is, "REQUEST 8", "REQUEST 8"},
      {"fewer places: back to the waiting list", request(4), becomes(waitlisted), "CANCEL 5",
       "CANCEL 5"},
      {"another institution's consent is refused", request(4), becomes(declined), "CANCEL 5",
       "CANCEL 5"},
      {"cancelled before", cancel(5), becomes(cancelled), "nothing", "CANCEL 5"},
      {"back on the waiting list after cancelling", cancel(5), becomes(waitlisted), "nothing",
       "CANCEL 5"},
      {"confirmed again", cancel(5), as_it_is, "REQUEST 6", "REQUEST 6"},
      {"confirmed again after the meeting has risen above", cancel(2), as_it_is, "REQUEST 4",
       "REQUEST 4"},
      {"undone: what was taken back holds again", cancel(9), as_it_is, "REQUEST 10", "REQUEST 10"},
  };
  return cases;
}

const std::vector<Case>& meeting_cases() {
  static const std::vector<Case> cases{
      {"moved", request(4), move, "REQUEST 5", "REQUEST 5"},
      {"moved, with a number of the person's own above the meeting's", request(8), move,
       "REQUEST 9", "REQUEST 9"},
      {"moved while somebody is out", cancel(4),
       [](auto& s) {
         move(s);
         s.registration = RegistrationStatus::cancelled;
       },
       "nothing", "CANCEL 4"},
      {"ends later", request(4), [](auto& s) { s.times.ends += hours{1}; }, "REQUEST 5",
       "REQUEST 5"},
      {"the same hours in another zone", request(4), [](auto& s) { s.times.tzid = "Europe/Kyiv"; },
       "REQUEST 5", "REQUEST 5"},
      {"only the day is known", request(4), [](auto& s) { s.times.precision = TimePrecision::day; },
       "REQUEST 5", "REQUEST 5"},
      {"another place", request(4), [](auto& s) { s.place = "Rybnik"; }, "REQUEST 5", "REQUEST 5"},
      {"comes online instead", request(4),
       [](auto& s) {
         s.place = "Online";
         s.way_in = "https://meet.example/1";
       },
       "REQUEST 5", "REQUEST 5"},
      {"a way in online", request(4), [](auto& s) { s.way_in = "https://meet.example/1"; },
       "REQUEST 5", "REQUEST 5"},
      {"the text moves from the place to the way in", request(4),
       [](auto& s) { std::swap(s.place, s.way_in); }, "REQUEST 5", "REQUEST 5"},
      {"changed for others alone", request(4), [](auto& s) { ++s.sequence; }, "nothing",
       "REQUEST 4"},
      {"the instants of the zone are worked out anew", request(4),
       [](auto& s) { s.times.starts_at += hours{1}; }, "nothing", "REQUEST 4"},
      {"called off", request(4),
       [](auto& s) {
         s.meeting = MeetingStatus::cancelled;
         ++s.sequence;
       },
       "CANCEL 5", "CANCEL 5"},
      {"called off before anybody was invited", nothing(),
       meeting_becomes(MeetingStatus::cancelled), "nothing", "nothing"},
      {"in the bin", cancel(5), meeting_becomes(MeetingStatus::binned), "nothing", "CANCEL 5"},
      {"in the bin at once", request(4), meeting_becomes(MeetingStatus::binned), "CANCEL 5",
       "CANCEL 5"},
      {"published again", cancel(5), as_it_is, "REQUEST 6", "REQUEST 6"},
      {"the publication is taken back", request(4), meeting_becomes(MeetingStatus::draft),
       "CANCEL 5", "CANCEL 5"},
      {"no day yet", nothing(), lose_day, "nothing", "nothing"},
      {"gets its day", nothing(), move, "REQUEST 5", "REQUEST 5"},
      {"loses its day", request(4), lose_day, "CANCEL 5", "CANCEL 5"},
      {"gets a day again", cancel(5), move, "REQUEST 6", "REQUEST 6"},
  };
  return cases;
}

void check(const std::vector<Case>& cases) {
  for (const auto& row : cases) {
    CAPTURE(row.name);
    CalendarState now = state();
    row.change(now);
    CHECK(describe(decide_calendar_message(row.told, now)) == row.message);
    CHECK(describe(decide_calendar_repair(row.told, now)) == row.repair);
  }
}

}  // namespace

TEST_CASE("what becomes of a registration decides what its calendar is told") {
  check(registration_cases());
}

TEST_CASE("what becomes of a meeting decides what calendars are told") { check(meeting_cases()); }

TEST_CASE("once told, there is nothing more to tell, whatever happens next rises above it") {
  for (const auto* cases : {&registration_cases(), &meeting_cases()}) {
    for (const auto& row : *cases) {
      CAPTURE(row.name);
      CalendarState now = state();
      row.change(now);
      const auto message = decide_calendar_message(row.told, now);
      if (!message) continue;
      const CalendarTold after{message, shown_in_calendar(now)};
      CHECK(!decide_calendar_message(after, now));
      CHECK(describe(decide_calendar_repair(after, now)) == describe(message));
      if (row.told.message) CHECK(message->sequence > row.told.message->sequence);
      CHECK(after.holds() == belongs_in_calendar(now));
    }
  }
}

TEST_CASE("a calendar told before its content was kept is told again, once too often if need be") {
  CalendarTold unknown = request(4);
  unknown.shown.clear();
  CHECK(describe(decide_calendar_message(unknown, state())) == "REQUEST 5");
  // The number was the person's own: the meeting that has moved since has no higher one.
  unknown.message->sequence = 5;
  CalendarState moved = state();
  move(moved);
  REQUIRE(moved.sequence == 5);
  CHECK(describe(decide_calendar_message(unknown, moved)) == "REQUEST 6");
  unknown.message->sequence = 4;
  CalendarState off = state();
  off.meeting = MeetingStatus::cancelled;
  CHECK(describe(decide_calendar_message(unknown, off)) == "CANCEL 5");
}

TEST_CASE("what a calendar shows is the same text on every machine") {
  CHECK(shown_in_calendar(state()).size() == 16);
  CHECK(shown_in_calendar(state()) == shown_in_calendar(state()));
}
