#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/domain/meeting.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/meetings/meeting_statistics.h"

namespace narada::usecases {

// What somebody leads: the meetings that their roles as an expert cover, read-only.

// Whether the actor is an expert of anything.
bool leads_something(const Actor& actor);

// The next ones first, then those that are over, the latest first; drafts too.
struct LedMeetings {
  std::vector<domain::MeetingSummary> upcoming;
  std::vector<domain::MeetingSummary> past;
};
LedMeetings list_led_meetings(const Environment&, const Actor&);

// With what problems people come: texts without names and offices, which the expert is not told.
struct LedChallenges {
  std::string title;  // of the group; empty: in none yet
  std::vector<std::string> texts;
};
struct LedMeeting {
  domain::Meeting meeting;
  MeetingStatistics statistics;
  std::vector<LedChallenges> challenges;
};
// For who may see_numbers of the meeting; else NotFound.
domain::Outcome<LedMeeting> find_led_meeting(const Environment&, const Actor&, domain::MeetingId);

}  // namespace narada::usecases
