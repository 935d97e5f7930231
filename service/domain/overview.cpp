#include "service/domain/overview.h"

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<MeetingNeed, 8> kNames{{"approvals", "half_empty", "waiting", "open_names",
                                            "attendance", "day_open", "draft", "publishes"}};
static_assert(is_complete(kNames, MeetingNeed::publishes));

bool is_full_with_waiting(const Seats& seats) { return seats.waiting > 0 && seats.free() == 0; }

bool is_half_empty(const OverviewMeeting& meeting) {
  const auto [taken, places] = places_taken(meeting);
  return places > 0 && 2 * taken < places;
}

// Of those that have a day.
bool begins_within(const OverviewMeeting& meeting, Instant now, std::chrono::days days) {
  return meeting.times.starts_at > now && meeting.times.starts_at <= now + days;
}

}  // namespace

std::string_view to_string(MeetingNeed need) { return kNames.name_of(need); }

PlacesTaken places_taken(const OverviewMeeting& meeting) {
  PlacesTaken sum;
  for (const auto* seats : {&meeting.onsite, &meeting.online}) {
    if (!seats->offered || !seats->capacity) continue;
    sum.taken += seats->confirmed + seats->held;
    sum.places += *seats->capacity;
  }
  return sum;
}

int people_waiting(const OverviewMeeting& meeting) {
  return meeting.onsite.waiting + meeting.online.waiting;
}

std::vector<MeetingNeed> needs_of(const OverviewMeeting& meeting, Instant now) {
  const bool published = meeting.status == MeetingStatus::published;
  const bool draft = meeting.status == MeetingStatus::draft;
  const bool begun = meeting.times.starts_at <= now;
  const bool month = meeting.times.precision == TimePrecision::month;
  const bool near = !month && begins_within(meeting, now, kSoon);
  std::vector<MeetingNeed> needs;
  const auto add = [&](bool needed, MeetingNeed need) {
    if (needed) needs.push_back(need);
  };
  add(published && (month || !begun) && meeting.pending > 0, MeetingNeed::approvals);
  add(published && near && is_half_empty(meeting), MeetingNeed::half_empty);
  add(published && (month || !begun) &&
          (is_full_with_waiting(meeting.onsite) || is_full_with_waiting(meeting.online)),
      MeetingNeed::waiting);
  add(published && near && meeting.open_names > 0, MeetingNeed::open_names);
  add(published && begun && !month && meeting.unmarked > 0 &&
          meeting.times.ends_at >= now - kAttendanceAsked,
      MeetingNeed::attendance);
  add(published && month && meeting.times.starts_at <= now + kMonthSoon &&
          meeting.times.ends_at > now,
      MeetingNeed::day_open);
  add(draft && !meeting.publish_at && meeting.times.ends_at > now &&
          meeting.times.starts_at <= now + kDraftSoon,
      MeetingNeed::draft);
  add(draft && meeting.publish_at.has_value(), MeetingNeed::publishes);
  return needs;
}

}  // namespace narada::domain
