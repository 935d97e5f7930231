#pragma once

#include <optional>

#include "notifications/mail_facts.h"
#include "service/domain/quiet_hours.h"
#include "service/domain/time.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// When mail may leave that is ready at `ready` and can wait for the morning: at once, or at the end
// of the quiet hours that `ready` lies in, by the clock in kDefaultZone. Mail that would then be of
// no use any more, after `useful_until`, leaves at once.
domain::Instant after_quiet_hours(const domain::QuietHours& quiet, domain::Instant ready,
                                  std::optional<domain::Instant> useful_until = {});

// The same for a mail of this kind, by the quiet hours of the installation: what somebody waits
// for, or has just caused, leaves when it is ready.
domain::Instant may_leave_at(const Environment& environment, notifications::MailKind kind,
                             domain::Instant ready,
                             std::optional<domain::Instant> useful_until = {});

}  // namespace narada::usecases
