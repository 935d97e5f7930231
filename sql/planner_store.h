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

// The same parts, and those of an institution's people who are registered, by whose they are.
struct Attendance {
  enum class Part { institution, expert, registered };
  Part part = Part::institution;
  std::int64_t id = 0;  // of the institution or expert
  std::string title;
  domain::WallTime starts{};
  domain::WallTime ends{};
};
// By start and meeting; at most 50,000. One statement.
std::vector<Attendance> list_attendances(Connection& connection, const EngagementListing& listing);

// Who is meant by keys: TERYT, slug or id of institutions, slug or id of experts. By name in Polish
// order; keys that name nobody are left out. One statement.
struct NamedInstitution {
  domain::InstitutionId id;
  std::string name;
};
std::vector<NamedInstitution> list_named_institutions(Connection& connection,
                                                      const std::vector<std::string>& keys);
struct NamedExpert {
  domain::ExpertId id;
  std::string name;
};
std::vector<NamedExpert> list_named_experts(Connection& connection,
                                            const std::vector<std::string>& keys);

}  // namespace narada::storage
