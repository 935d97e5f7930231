#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/meeting.h"
#include "sql/connection.h"

namespace narada::storage {

// What of a meeting's row changes with its people. Read under the row's lock.
struct SeatState {
  std::int64_t version = 0;  // of the meeting; registrations do not raise it
  domain::Seats onsite;
  domain::Seats online;
  int pending = 0;
  std::int64_t queue_counter = 0;  // the last number handed out in the line
  bool has_place_rules = false;    // see place_policy_store.h
};

// A meeting as admission and mails need it: everything of MeetingSummary that is not about its
// cycle's other sessions, its places with their hosts, online_url, uid, sequence, version.
struct SeatedMeeting {
  domain::Meeting meeting;
  std::string cycle_uid;  // empty: stands alone
  std::int64_t queue_counter = 0;
  bool has_place_rules = false;
};

// Takes the row lock that every transaction holds which changes a meeting or its registrations,
// before it reads what it decides on. Absent: no such meeting. Several meetings are locked in the
// order of their ids.
std::optional<SeatState> lock_meeting(Connection& connection, domain::MeetingId meeting);

// Counters, pending and queue_counter; has_place_rules is place_policy_store's. Precondition: the
// row is locked.
void save_seats(Connection& connection, domain::MeetingId meeting, const SeatState& state);

// By id or slug, drafts too, without a lock: its `version` tells whether it is still true once the
// row is locked.
std::optional<SeatedMeeting> find_seated_meeting(Connection& connection, std::string_view key);
std::optional<SeatedMeeting> find_seated_meeting(Connection& connection, domain::MeetingId meeting);

// Of all registrations of one person: the meetings that end after `since`, in no order.
std::vector<SeatedMeeting> find_seated_meetings_of(Connection& connection, domain::PersonId person,
                                                   domain::Instant since);

// Changes of state. Precondition of each: the row is locked. Each but save_move raises the version.
void save_publication(Connection& connection, domain::MeetingId meeting, domain::Instant now);
// SEQUENCE + 1.
void save_cancellation(Connection& connection, domain::MeetingId meeting, const std::string& reason,
                       domain::Instant now);
// SEQUENCE + 1; without `previous_starts` the one stored stays.
void save_move(Connection& connection, domain::MeetingId meeting,
               std::optional<domain::WallTime> previous_starts);

}  // namespace narada::storage
