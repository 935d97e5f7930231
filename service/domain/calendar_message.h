#pragma once

#include <optional>
#include <string>

#include "service/domain/meeting.h"
#include "service/domain/registration.h"

namespace narada::domain {

// What a person's calendar can be told of a meeting (iTIP, RFC 5546): to hold it, as it is now, or
// to drop it.
enum class CalendarMethod { request, cancel };

struct CalendarMessage {
  CalendarMethod method = CalendarMethod::request;
  int sequence = 0;  // RFC 5545 SEQUENCE
  friend bool operator==(const CalendarMessage&, const CalendarMessage&) = default;
};

// A meeting as one person's calendar would show it, and what decides whether it is there at all.
struct CalendarState {
  MeetingStatus meeting = MeetingStatus::published;
  RegistrationStatus registration = RegistrationStatus::confirmed;
  MeetingTimes times;
  int sequence = 0;    // of the meeting: it has risen with each change of the meeting as a whole
  std::string place;   // as this person is told it: "Online" for who takes part online
  std::string way_in;  // the link of the online meeting, if it is for this person
};

// Whoever has a place at a published meeting that has its day has it in the calendar; nobody else.
bool belongs_in_calendar(const CalendarState& state);

// What SEQUENCE watches over: start, end, zone, place and way in, as 16 hexadecimal digits. Titles
// and descriptions are not part of it.
std::string shown_in_calendar(const CalendarState& state);

// The last thing that a calendar was told: its old state.
struct CalendarTold {
  std::optional<CalendarMessage> message;  // absent: nothing yet
  std::string shown;  // shown_in_calendar() of then; empty: told before that was kept
  bool holds() const { return message && message->method == CalendarMethod::request; }
  friend bool operator==(const CalendarTold&, const CalendarTold&) = default;
};

// Says what the calendar has to be told now that things are as `now`; absent: nothing. SEQUENCE is
// above everything that was told, and never below the meeting's own. UID stays the same throughout.
std::optional<CalendarMessage> decide_calendar_message(const CalendarTold& told,
                                                       const CalendarState& now);

// The present truth once more, for a calendar that may have missed the last message: that message
// again with its SEQUENCE, or what decide_calendar_message() says. Absent: nothing was ever told
// and there is nothing to tell.
std::optional<CalendarMessage> decide_calendar_repair(const CalendarTold& told,
                                                      const CalendarState& now);

}  // namespace narada::domain
