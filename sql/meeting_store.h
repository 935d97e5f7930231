#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/meeting.h"
#include "service/domain/permissions.h"
#include "sql/connection.h"

namespace narada::storage {

// Which meetings a list shows. What is absent or empty does not narrow it.
struct MeetingPosition {
  domain::Instant starts_at{};
  domain::MeetingId id;
};
struct MeetingListing {
  std::vector<domain::MeetingStatus> statuses;  // at least one
  domain::Reach drafts;  // of meetings and cycles that are drafts, those within it
  std::optional<domain::Instant> ends_after;
  std::optional<domain::Instant> starts_before;
  std::optional<domain::TopicId> topic;
  std::optional<domain::MeetingForm> form;
  std::optional<domain::AttendanceMode> mode;
  std::optional<domain::InstitutionId> institution;  // hosts, presents, has a role in the cycle
  std::optional<domain::CycleId> cycle;
  std::string slug;                                // that one meeting only
  std::optional<domain::Instant> cancelled_after;  // of the cancelled, those called off since
  std::string voivodeship;                         // of the institution of a place
  std::string q;  // anywhere in the title, the summary or the name of a place
  bool newest_first = false;
  std::optional<MeetingPosition> after;  // exclusive, in the direction of the list
  int limit = 50;
};

// No meeting lasts longer; `ends_after` finds by the index on the start because of this.
// A month that is known without its day may last an hour more, by its clocks.
inline constexpr std::chrono::days kLongestMeeting{31};

// Ordered by (starts_at, id); one statement. A cycle that is a draft is named only within
// `drafts`.
std::vector<domain::MeetingSummary> list_meetings(Connection& connection,
                                                  const MeetingListing& listing);
// The same with what a calendar feed says beyond a list.
struct FeedMeeting : domain::MeetingSummary {
  std::string uid;
  int sequence = 0;
  std::string cycle_uid;  // empty: stands alone
  std::string location;   // "Urząd Miasta, ul. Nowa 1, Bytom, sala 2; second place"
  std::optional<domain::GeoPoint> position;  // of the first place, where one is set
  std::string cancel_reason;
};
// With what lies in the bin and was called off, where the listing asks for cancelled ones.
std::vector<FeedMeeting> list_feed_meetings(Connection& connection, const MeetingListing& listing);
// The sessions of a cycle by number, then start; of drafts those within the reach.
std::vector<domain::MeetingSummary> list_cycle_sessions(Connection& connection,
                                                        domain::CycleId cycle,
                                                        const domain::Reach& drafts);

// By slug, or by id where the key is a number; with all parts, `cycle_sessions` (published and
// cancelled ones) among them. At most six statements. Drafts outside the reach are hidden: such a
// meeting is absent, a meeting of such a cycle seems to stand alone.
std::optional<domain::Meeting> find_meeting(Connection& connection, std::string_view key,
                                            const domain::Reach& drafts = domain::everything());
std::optional<domain::Meeting> find_meeting(Connection& connection, domain::MeetingId id);
// For whoever is registered for it: from the bin, too, as it was when it went there. Absent: a
// draft.
struct KeptMeeting {
  domain::Meeting meeting;
  bool in_bin = false;
};
std::optional<KeptMeeting> find_kept_meeting(Connection& connection, domain::MeetingId id);

// The row and its parts. Throws Duplicate when slug or uid is taken. Seat counters start at 0.
domain::MeetingId insert_meeting(Connection& connection, const domain::Meeting& meeting,
                                 domain::Instant now);
// Every column that an edit may change, and all parts; version + 1. Slug, uid, status, counters and
// what belongs to them stay. Precondition: the row is locked.
void update_meeting(Connection& connection, const domain::Meeting& meeting, domain::Instant now);

// Those of the slugs `stem`, `stem-2`… that meetings have.
std::vector<std::string> list_meeting_slugs(Connection& connection, const std::string& stem);

}  // namespace narada::storage
