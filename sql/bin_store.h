#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/permissions.h"
#include "service/domain/time.h"
#include "sql/connection.h"

// What was published and then deleted lies in the bin for a time, and comes back as it was. Every
// write here happens under the lock of its row.
namespace narada::storage {

// Status binned; what it was stands beside it. Raises the version.
void bin_meeting(Connection& connection, domain::MeetingId meeting, domain::Instant now);
void bin_cycle(Connection& connection, domain::CycleId cycle, domain::Instant now);
// The status before; raises the version. A cycle that was to publish itself still does, unless its
// time has gone by. False: not in the bin.
bool restore_meeting(Connection& connection, domain::MeetingId meeting, domain::Instant now);
bool restore_cycle(Connection& connection, domain::CycleId cycle, domain::Instant now);

// The row and everything that belongs to it alone, registrations and mails among it; of what people
// kept only the log's ids stay.
void delete_meeting(Connection& connection, domain::MeetingId meeting, domain::Instant now);
// Meetings that it still has stand alone from now on, and who came by it stays registered.
void delete_cycle(Connection& connection, domain::CycleId cycle, domain::Instant now);

struct BinnedThing {
  std::int64_t id = 0;
  bool is_cycle = false;
  std::string title;
  std::string cycle_title;  // of a meeting; empty: stands alone
  bool cycle_is_binned = false;
  std::string status_before;
  domain::Instant binned_at{};
  std::string binned_by;  // "person:12"; empty: the log does not say
  int meetings = 0;       // of a cycle: those that went with it
};
// The last ones first, cycles before their meetings; those within the reach.
std::vector<BinnedThing> list_binned(Connection& connection, const domain::Reach& reach, int limit);

// Ids of the cycle's meetings in that state: "draft", "binned"; empty: any but binned. In the order
// of the ids.
std::vector<domain::MeetingId> list_meetings_of(Connection& connection, domain::CycleId cycle,
                                                const std::string& status);
// Those that were binned with the cycle.
std::vector<domain::MeetingId> list_binned_with(Connection& connection, domain::CycleId cycle);
bool has_registrations(Connection& connection, domain::MeetingId meeting);
bool has_enrolments(Connection& connection, domain::CycleId cycle);
// Whether the meeting's cycle lies in the bin.
bool is_cycle_binned(Connection& connection, domain::MeetingId meeting);

// Those that have lain in the bin since before then, the first ones first.
std::vector<domain::MeetingId> list_stale_meetings(Connection& connection, domain::Instant before);
std::vector<domain::CycleId> list_stale_cycles(Connection& connection, domain::Instant before);
// Locks the row until the transaction ends. False: it has been restored since, or is gone.
bool lock_stale_meeting(Connection& connection, domain::MeetingId meeting, domain::Instant before);
bool lock_stale_cycle(Connection& connection, domain::CycleId cycle, domain::Instant before);

}  // namespace narada::storage
