#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/meeting.h"
#include "service/domain/permissions.h"
#include "sql/connection.h"

namespace narada::storage {

// Somebody who takes part in a meeting: hosts or presents it, leads it, or has a part in its cycle.
struct Engagement {
  domain::MeetingId meeting;
  std::string title;
  domain::WallTime starts{};
  domain::WallTime ends{};
  bool of_expert = false;  // else of an institution
  std::string name;
};
struct EngagementListing {
  std::vector<domain::InstitutionId> institutions;
  std::vector<domain::ExpertId> experts;
  domain::WallTime from{};  // meetings that end after it
  domain::WallTime to{};    // and start before it, exclusive, by their own wall clocks
  domain::Reach drafts;     // of drafts those within it
  std::optional<domain::CycleId> but_cycle;  // whose meetings are left out
  std::optional<domain::MeetingId> but_meeting;
};
// Of meetings that are not cancelled, by start, meeting and name; at most 2000. One statement.
std::vector<Engagement> list_engagements(Connection& connection, const EngagementListing& listing);

}  // namespace narada::storage
