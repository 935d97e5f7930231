#pragma once

#include "service/domain/outcome.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"

namespace narada::usecases {

// A thing as it stands, with the form that it came from: what an editor shows, and what its version
// is compared with. NotFound and Forbidden as of a change.
struct EditableMeeting {
  domain::Meeting meeting;
  MeetingForm form;
};
domain::Outcome<EditableMeeting> load_meeting_to_edit(const Environment&, const Actor&,
                                                      domain::MeetingId);
struct EditableCycle {
  domain::Cycle cycle;  // with all its meetings, drafts too
  CycleForm form;       // without meetings
};
domain::Outcome<EditableCycle> load_cycle_to_edit(const Environment&, const Actor&,
                                                  domain::CycleId);

// Every rule that create_cycle would find broken in the form; nothing is stored.
domain::FieldErrors check_cycle_form(const Environment&, const CycleForm&);

// People of these names join the experts, each once; sent twice with the same call they are the
// same. Forbidden to who may not edit the catalogue.
domain::Outcome<int> add_experts(const Environment&, const Call&,
                                 const std::vector<std::string>& names);

// The cycles that the actor may organize and that are not cancelled, the last entered first; at
// most 200.
std::vector<domain::CycleSummary> list_own_cycles(const Environment&, const Actor&);

}  // namespace narada::usecases
