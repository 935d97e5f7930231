#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "calendar/calendar_client.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// The calendars that experts give: an address that is read again and again, or a file. Of either
// only the times at which the expert is busy are kept, for kBusyAhead, and each is deleted once it
// has passed. All of it is for who may edit the catalogue; others get Forbidden.

inline constexpr std::chrono::days kBusyAhead{400};

struct ExpertCalendar {
  std::string address;  // empty: a file
  std::optional<domain::Instant> read_at;
  bool waiting = false;  // to be read by the next round
  // Of the last reading; empty: none. no_calendar, or as of calendar::FetchedCalendar.
  std::string problem;
  int busy = 0;  // times ahead
};
// Absent: the expert has given none. NotFound: no such expert.
domain::Outcome<std::optional<ExpertCalendar>> find_expert_calendar(const Environment&,
                                                                    const Actor&, domain::ExpertId);

// In place of what was given before. FieldErrors address: required, invalid_url, too_long.
domain::Outcome<domain::ExpertId> set_calendar_address(const Environment&, const Call&,
                                                       domain::ExpertId, std::string address);
// FieldErrors file: required, no_calendar.
domain::Outcome<domain::ExpertId> set_calendar_file(const Environment&, const Call&,
                                                    domain::ExpertId, std::string_view text);
// The address is read by the next round. Conflict "no_address": there is none.
domain::Outcome<domain::ExpertId> read_calendar_again(const Environment&, const Call&,
                                                      domain::ExpertId);
domain::Outcome<domain::ExpertId> remove_calendar(const Environment&, const Call&,
                                                  domain::ExpertId);

// One round: reads the addresses whose time has come, each once whichever processes are at it, and
// deletes what has passed. How many were read.
int read_due_calendars(const Environment&, const calendar::CalendarClient&,
                       const std::stop_token& stopping = {});

}  // namespace narada::usecases
