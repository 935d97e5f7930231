#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"

namespace narada::usecases {

// Drafts that are published by themselves: not before their time, and some seconds after it.
struct PublicationTime {
  std::optional<domain::Instant> at;
  // Why it was not published when its time came: meeting_past, cycle_cancelled. It then waits for
  // somebody to look at it and has no time any more.
  std::string problem;
  friend bool operator==(const PublicationTime&, const PublicationTime&) = default;
};

// For who may organize the thing. Nothing of it for what is no draft.
domain::Outcome<PublicationTime> find_publication_time(const Environment&, const Actor&,
                                                       domain::MeetingId);
domain::Outcome<PublicationTime> find_publication_time(const Environment&, const Actor&,
                                                       domain::CycleId);
// Of those among `meetings` that have one, or a problem. The caller has shown that the actor may
// see the meetings.
std::map<domain::MeetingId, PublicationTime> list_publication_times(
    const Environment&, const std::vector<domain::MeetingId>& meetings);

// Absent: it is not published by itself any more. FieldError publish_at "in_past", also of the
// present; Conflict "not_draft".
domain::Outcome<domain::MeetingId> set_publication_time(const Environment&, const Call&,
                                                        domain::MeetingId,
                                                        std::optional<domain::Instant> at);
domain::Outcome<domain::CycleId> set_publication_time(const Environment&, const Call&,
                                                      domain::CycleId,
                                                      std::optional<domain::Instant> at);

// For a call with a rehearsal: what publishing the draft at that time would set off if nothing
// changed until then. Nothing stays. Errors as of set_publication_time; meeting_past and
// cycle_cancelled as when its time comes.
domain::Outcome<domain::MeetingId> rehearse_publication(const Environment&, const Call&,
                                                        domain::MeetingId, domain::Instant at);
domain::Outcome<domain::CycleId> rehearse_publication(const Environment&, const Call&,
                                                      domain::CycleId, domain::Instant at);

// The same of the draft as a change would leave it; errors of change_meeting and change_cycle
// besides.
struct MeetingPatch {
  std::int64_t version = 0;
  const MeetingForm& form;
  Shrinking shrinking = Shrinking::refused;
};
domain::Outcome<domain::MeetingId> rehearse_publication(const Environment&, const Call&,
                                                        domain::MeetingId, domain::Instant at,
                                                        const MeetingPatch&);
struct CyclePatch {
  std::int64_t version = 0;
  const CycleForm& form;
};
domain::Outcome<domain::CycleId> rehearse_publication(const Environment&, const Call&,
                                                      domain::CycleId, domain::Instant at,
                                                      const CyclePatch&);

// Publishes what is due, each in a transaction of its own and once, whichever processes are at it,
// as the service on behalf of who set the time: it was theirs to set, whatever they may do now.
// What cannot be published is not tried again. How many were.
int publish_due(const Environment&, const std::stop_token& stopping = {});

}  // namespace narada::usecases
