#include "service/usecases/mails/quiet_hours.h"

#include <chrono>

#include "calendar/zone.h"

namespace narada::usecases {

domain::Instant after_quiet_hours(const domain::QuietHours& quiet, domain::Instant ready,
                                  std::optional<domain::Instant> useful_until) {
  if (quiet.from == quiet.until) return ready;
  const auto wall = calendar::to_wall_time(ready, domain::kDefaultZone);
  const auto midnight = std::chrono::floor<std::chrono::days>(wall);
  const auto time = wall - midnight;
  const bool over_midnight = quiet.from > quiet.until;
  const bool is_quiet = over_midnight ? time >= quiet.from || time < quiet.until
                                      : time >= quiet.from && time < quiet.until;
  if (!is_quiet) return ready;
  const auto day = over_midnight && time >= quiet.from ? midnight + std::chrono::days(1) : midnight;
  const auto morning = calendar::to_instant(day + quiet.until, domain::kDefaultZone).instant;
  // Where the clock is set back within the quiet hours, their end may show twice: the first is
  // meant, and it may be over.
  if (morning < ready) return ready;
  if (useful_until && morning > *useful_until) return ready;
  return morning;
}

domain::Instant may_leave_at(const Environment& environment, notifications::MailKind kind,
                             domain::Instant ready, std::optional<domain::Instant> useful_until) {
  if (priority_of(kind) != notifications::MailPriority::bulk) return ready;
  return after_quiet_hours(environment.quiet_hours, ready, useful_until);
}

}  // namespace narada::usecases
