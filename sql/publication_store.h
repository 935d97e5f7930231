#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/time.h"
#include "sql/connection.h"

namespace narada::storage {

// When drafts are to be published by themselves.
struct PublicationPlan {
  std::optional<domain::Instant> at;
  std::string set_by;   // as the activity log names them: "person:12"
  std::string problem;  // why it was not published at its time; then there is no time any more
  friend bool operator==(const PublicationPlan&, const PublicationPlan&) = default;
};

// Absent: no such row, or it is no draft.
std::optional<PublicationPlan> find_publication_plan(Connection& connection, domain::MeetingId id);
std::optional<PublicationPlan> find_publication_plan(Connection& connection, domain::CycleId id);
// Of drafts that have a plan or a problem.
std::map<domain::MeetingId, PublicationPlan> list_publication_plans(
    Connection& connection, const std::vector<domain::MeetingId>& ids);

// The caller has locked the row. Raises its version, as every change of what an organizer sees.
void save_publication_plan(Connection& connection, domain::MeetingId id,
                           const PublicationPlan& plan, domain::Instant now);
void save_publication_plan(Connection& connection, domain::CycleId id, const PublicationPlan& plan,
                           domain::Instant now);

// Drafts whose time has come, earliest first.
std::vector<domain::MeetingId> list_due_meetings(Connection& connection, domain::Instant now,
                                                 int limit);
std::vector<domain::CycleId> list_due_cycles(Connection& connection, domain::Instant now,
                                             int limit);

}  // namespace narada::storage
