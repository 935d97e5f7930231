#pragma once

#include <string_view>
#include <vector>

#include "service/domain/meeting.h"
#include "service/domain/meeting_statistics.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Who comes from where, in numbers alone.
struct MeetingStatistics {
  domain::MeetingSummary meeting;
  std::vector<domain::OfficeNumbers> offices;  // most people first
  std::vector<domain::AssociationShare> associations;
  bool may_see_participants = false;  // who they are as well
};
// For who may see_numbers of the meeting, its expert too; else NotFound.
domain::Outcome<MeetingStatistics> load_meeting_statistics(const Environment&, const Actor&,
                                                           std::string_view id_or_slug);

}  // namespace narada::usecases
