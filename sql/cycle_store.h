#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/cycle.h"
#include "sql/connection.h"
#include "sql/meeting_store.h"

namespace narada::storage {

struct CycleListing {
  std::vector<domain::CycleStatus> statuses;  // at least one
  domain::Reach drafts;                       // of drafts those within it
  std::optional<domain::TopicId> topic;
  std::optional<domain::InstitutionId> institution;  // in any role
  std::string q;                                     // anywhere in title, challenge or summary
  bool running_only = false;
  std::optional<domain::CycleId> before;  // exclusive
  int limit = 50;
};

// The last entered first; two statements. What is computed from meetings is so at `now`.
std::vector<domain::CycleSummary> list_cycles(Connection& connection, const CycleListing& listing,
                                              domain::Instant now);
// By slug, or by id where the key is a number; with institutions, experts and meetings. Drafts
// outside the reach are absent. Four statements.
std::optional<domain::Cycle> find_cycle(Connection& connection, std::string_view key,
                                        const domain::Reach& drafts, domain::Instant now);
std::optional<domain::CycleRef> find_cycle_ref(Connection& connection, std::string_view key);

// Locks the row until the transaction ends and tells its version; absent: no such cycle.
struct LockedCycle {
  std::int64_t version = 0;
  domain::CycleStatus status = domain::CycleStatus::draft;
};
std::optional<LockedCycle> lock_cycle(Connection& connection, domain::CycleId id);

// The row, its institutions and experts; not its meetings. Throws Duplicate when slug or uid is
// taken.
domain::CycleId insert_cycle(Connection& connection, const domain::Cycle& cycle,
                             domain::Instant now);
// Every column that an edit may change, institutions and experts; version + 1. Slug, uid and status
// stay. Precondition: the row is locked.
void update_cycle(Connection& connection, const domain::Cycle& cycle, domain::Instant now);
void publish_cycle(Connection& connection, domain::CycleId id, domain::Instant now);

// Ids of its meetings that are drafts, in the order of their ids.
std::vector<domain::MeetingId> list_draft_meetings(Connection& connection, domain::CycleId id);
// Those of the slugs `stem`, `stem-2`… that cycles have.
std::vector<std::string> list_cycle_slugs(Connection& connection, const std::string& stem);

}  // namespace narada::storage
