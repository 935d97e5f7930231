#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/cycle.h"
#include "service/domain/outcome.h"
#include "service/domain/plan.h"
#include "service/usecases/meetings/meetings.h"

namespace narada::usecases {

struct CycleInstitutionForm {
  std::string institution;  // TERYT or id
  domain::CycleRole role = domain::CycleRole::participant;
};
struct CycleForm {
  std::string title;
  std::string topic;
  std::string summary;
  std::string challenge;
  std::string goal;
  std::vector<std::string> effects;
  std::vector<std::string> materials;
  std::vector<std::string> participants_text;
  std::string published_period;
  std::optional<int> published_meeting_count;
  std::vector<std::string> source_urls;
  std::string practice_url;
  std::string caveat;
  std::vector<CycleInstitutionForm> institutions;
  std::vector<std::string> experts;   // slug or id
  std::vector<MeetingForm> meetings;  // in order; `cycle` and `session_number` are set here
};
struct CycleFilter {
  std::optional<domain::CycleStatus> status;
  std::string topic;
  std::string institution;
  std::string q;
  bool running_only = false;  // has a meeting that is not over
};

PageOf<domain::CycleSummary> list_cycles(const Environment&, const Actor& viewer,
                                         const CycleFilter&, const PageRequest&);
domain::Outcome<domain::Cycle> find_cycle(const Environment&, const Actor& viewer,
                                          std::string_view id_or_slug);

// The plan's dates with warnings (holiday, weekend, collision with another meeting on that day);
// nothing is stored.
domain::Outcome<std::vector<domain::PlannedSession>> plan_cycle(const Environment&, const Actor&,
                                                                const domain::Plan&);

// The cycle and its meetings as drafts, in one transaction.
domain::Outcome<domain::Cycle> create_cycle(const Environment&, const Call&, const CycleForm&);
domain::Outcome<CycleForm> load_cycle_form(const Environment&, const Actor&, domain::CycleId);
// Changes the cycle's own fields; its meetings are changed one by one (`meetings` is ignored).
domain::Outcome<domain::Cycle> change_cycle(const Environment&, const Call&, domain::CycleId,
                                            std::int64_t version, const CycleForm&);
// The cycle and all its draft meetings.
domain::Outcome<domain::Cycle> publish_cycle(const Environment&, const Call&, domain::CycleId);

}  // namespace narada::usecases
