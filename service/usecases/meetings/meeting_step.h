#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "service/domain/outcome.h"
#include "service/usecases/meetings/held_changes.h"
#include "service/usecases/registrations/locked_meeting.h"

namespace narada::usecases {

// What organizers do to a whole meeting: published, cancelled, put into the bin.
enum class Step { changed, nothing_to_do };
// With the meeting locked. Mails that do not go through it are added to the last argument.
using StepWork = std::function<domain::Outcome<Step>(const Change&, LockedMeeting&, WrittenMails&)>;

// In a transaction of its own; for who may organize the meeting.
domain::Outcome<domain::MeetingId> take_step(const Environment&, const Call&,
                                             std::string_view operation, domain::MeetingId,
                                             ChangeKind, const StepWork&);
// In the transaction of a change that has locked the meeting's cycle and asked who may.
domain::Outcome<Step> take_locked_step(const Change&, domain::MeetingId, ChangeKind,
                                       const StepWork&);

// With everything that follows for its people. Conflict not_published, meeting_past; nothing to do
// for one that is cancelled.
domain::Outcome<Step> cancel_locked(const Change& change, LockedMeeting& locked,
                                    const std::string& reason);

}  // namespace narada::usecases
