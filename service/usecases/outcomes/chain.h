#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/meeting.h"
#include "service/usecases/adoptions/adoptions.h"
#include "service/usecases/outcomes/outcomes.h"

namespace narada::usecases {

// From a challenge over sessions and outcomes to practices and who adopted them, of published
// things alone. What is not known is empty: "no data".
struct ChainCycle {
  domain::CycleId id;
  std::string slug;
  std::string title;
  std::string challenge;
  std::vector<domain::InstitutionRef> owners;
};
struct ChainSession {
  domain::MeetingId id;
  std::string slug;
  std::string title;
  domain::WallTime starts{};
  bool month_only = false;  // of the start its month is known
  std::optional<int> session_number;
  bool presented = false;  // the practice was presented there, or learnt
};
struct ChainPractice {
  domain::PracticeId id;
  std::string slug;
  std::string title;
  std::vector<domain::InstitutionRef> institutions;
  domain::Instant published_at{};
  std::vector<AdoptionEntry> adoptions;
};
struct Chain {
  std::optional<ChainCycle> cycle;
  std::vector<ChainSession> sessions;  // in time
  std::vector<OutcomeEntry> outcomes;  // without problems
  ProblemCount problems;               // that they come from
  std::vector<ChainPractice> practices;
  bool empty() const {
    return !cycle && sessions.empty() && outcomes.empty() && problems.problems == 0;
  }
};

// NotFound when it is not published.
domain::Outcome<Chain> load_practice_chain(const Environment&, const Actor& viewer,
                                           std::string_view practice);
// NotFound when the cycle is not there for the viewer; of a draft nothing.
domain::Outcome<Chain> load_cycle_chain(const Environment&, const Actor& viewer,
                                        domain::CycleId cycle);

}  // namespace narada::usecases
