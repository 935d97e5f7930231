#pragma once

#include "service/usecases/registrations/locked_meeting.h"

namespace narada::usecases {

// Tells everybody who wants news of the meeting's topic that it has been published: one mail each,
// in the transaction of `change`, not to who is registered or enrolled in its cycle. Nothing when
// the meeting has no topic or has begun: false.
// What is written is added to `written`.
bool announce_meeting(const Change& change, const domain::Meeting& meeting, WrittenMails& written);

}  // namespace narada::usecases
