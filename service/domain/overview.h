#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/meeting.h"
#include "service/domain/time.h"

namespace narada::domain {

// What a meeting may need of those who organize it, in the order of the overview.
enum class MeetingNeed {
  approvals,   // people wait for an answer
  half_empty,  // near, and fewer than half of the places are taken
  waiting,     // full, and somebody waits
  open_names,  // near, and a delegation has places without names
  attendance,  // it has begun, and nobody has said who came
  day_open,    // near, and only its month is known
  draft,       // near, and not published
  publishes,   // will be published by itself
};
std::string_view to_string(MeetingNeed need);
inline constexpr MeetingNeed kMeetingNeeds[] = {
    MeetingNeed::approvals,  MeetingNeed::half_empty, MeetingNeed::waiting, MeetingNeed::open_names,
    MeetingNeed::attendance, MeetingNeed::day_open,   MeetingNeed::draft,   MeetingNeed::publishes};

// What of a meeting decides that.
struct OverviewMeeting {
  MeetingId id;
  std::string title;
  std::string cycle;  // title
  MeetingStatus status = MeetingStatus::draft;
  MeetingTimes times;
  Seats onsite;
  Seats online;
  int pending = 0;
  std::optional<Instant> oldest_pending;
  int unmarked = 0;    // with a place, of whom it is not known whether they came
  int open_names = 0;  // places of delegations without a name
  std::optional<Instant> publish_at;
};

// How near is near.
inline constexpr std::chrono::days kSoon{14};
inline constexpr std::chrono::days kDraftSoon{30};
inline constexpr std::chrono::days kMonthSoon{60};
// How long attendance is asked for.
inline constexpr std::chrono::days kAttendanceAsked{30};

// Places and people of the modes that have a capacity.
struct PlacesTaken {
  int taken = 0;
  int places = 0;
};
PlacesTaken places_taken(const OverviewMeeting& meeting);
int people_waiting(const OverviewMeeting& meeting);

std::vector<MeetingNeed> needs_of(const OverviewMeeting& meeting, Instant now);

}  // namespace narada::domain
