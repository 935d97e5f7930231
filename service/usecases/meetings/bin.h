#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "service/domain/meeting.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "sql/connection.h"

namespace narada::usecases {

// How long what was deleted can be brought back.
inline constexpr std::chrono::days kKeptInBin{30};

// For who may organize them. A draft that nobody has anything to do with goes at once and for good;
// anything else into the bin, where only its organizers find it. What is published and not over is
// cancelled first, with everything that follows for its people: `reason` as in cancel_meeting.
enum class Deleted { for_good, into_bin };
domain::Outcome<Deleted> delete_meeting(const Environment&, const Call&, domain::MeetingId,
                                        const std::string& reason);
// The cycle with all its meetings.
domain::Outcome<Deleted> delete_cycle(const Environment&, const Call&, domain::CycleId,
                                      const std::string& reason);

// As it was before it was deleted: what had been cancelled on the way is cancelled. Conflict
// cycle_in_bin (of a meeting), not_in_bin.
domain::Outcome<domain::MeetingId> restore_meeting(const Environment&, const Call&,
                                                   domain::MeetingId);
// The cycle and the meetings that were deleted with it.
domain::Outcome<domain::CycleId> restore_cycle(const Environment&, const Call&, domain::CycleId);

struct BinEntry {
  std::int64_t id = 0;
  bool is_cycle = false;
  std::string title;
  std::string cycle_title;  // of a meeting; empty: stands alone
  bool cycle_is_binned = false;
  std::string status_before;  // domain::MeetingStatus by name
  domain::Instant binned_at{};
  domain::Instant purged_at{};
  std::string binned_by;       // "person:12"
  std::string binned_by_name;  // empty: nobody's, or erased
  int meetings = 0;            // of a cycle
};
// The last ones first. Forbidden for who organizes nothing.
domain::Outcome<std::vector<BinEntry>> list_bin(const Environment&, const Actor&);

// What has lain there for kKeptInBin goes for good, each thing in a transaction of its own, and
// what was kept for undoing changes.
struct Purge {
  int removed = 0;
  std::vector<std::string> failures;  // of what could not go, which stays: "meeting 3: …"
};
Purge purge_bin(const Environment&, const std::stop_token& stopping = {});

}  // namespace narada::usecases
