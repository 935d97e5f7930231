#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/meeting.h"
#include "service/domain/practice.h"
#include "sql/connection.h"

namespace narada::storage {

// How published things hang together.

struct PracticeOrigin {
  domain::PracticeId id;
  std::optional<domain::CycleId> cycle;      // published; also by an outcome or a session of it
  std::optional<domain::MeetingId> meeting;  // published
};
// Of a published practice; one statement.
std::optional<PracticeOrigin> find_practice_origin(Connection& connection, std::string_view key);

struct OriginCycle {
  std::string slug;
  std::string title;
  std::string challenge;
  std::vector<domain::InstitutionRef> owners;
};
// Of a published cycle.
std::optional<OriginCycle> find_origin_cycle(Connection& connection, domain::CycleId cycle);

struct ChainMeeting {
  domain::MeetingId id;
  std::string slug;
  std::string title;
  domain::WallTime starts{};
  bool month_only = false;
  std::optional<int> session_number;
  bool presented = false;  // one of the practices
};
// Published meetings of the cycle and those where one of the practices was presented or comes from,
// in time.
std::vector<ChainMeeting> list_chain_meetings(Connection& connection,
                                              const std::optional<domain::CycleId>& cycle,
                                              const std::vector<domain::PracticeId>& practices);
struct ChainedPractice {
  domain::PracticeId id;
  std::string slug;
  std::string title;
  domain::Instant published_at{};
  std::vector<domain::InstitutionRef> institutions;
};
// Published ones that come from the cycle, its meetings or their outcomes, the first published
// first.
std::vector<ChainedPractice> list_practices_from(Connection& connection, domain::CycleId cycle);
std::optional<ChainedPractice> find_chained_practice(Connection& connection,
                                                     domain::PracticeId practice);

// Whoever was confirmed or attended at its published meetings, by their institutions.
std::vector<domain::InstitutionRef> list_institutions_that_came(Connection& connection,
                                                                domain::CycleId cycle);
// Drafts too.
std::vector<domain::PracticeRef> list_practices_drafted(Connection& connection,
                                                        domain::CycleId cycle);
void save_practice_origin(Connection& connection, domain::PracticeId practice,
                          domain::CycleId cycle);

}  // namespace narada::storage
