#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/language.h"
#include "service/domain/outcome.h"
#include "service/usecases/meetings/meetings.h"

namespace narada::usecases {

// iCalendar text (METHOD:PUBLISH), with the ETag of its content.
struct CalendarFeed {
  std::string text;
  std::string etag;  // quoted, strong
};
domain::Outcome<CalendarFeed> meeting_feed(const Environment&, std::string_view slug,
                                           domain::Language);
domain::Outcome<CalendarFeed> cycle_feed(const Environment&, std::string_view slug,
                                         domain::Language);
// Published and cancelled meetings of the filter, from 90 days ago on. Of more than 2,000 the
// nearest to come, then the latest past ones; the feed's description says so.
CalendarFeed calendar_feed(const Environment&, const MeetingFilter&, domain::Language,
                           const std::string& source_url);
// The meeting of one registration as its holder's calendar should have it, with the SEQUENCE of
// their invitation. By the token of a /z/ link; NotFound for an unknown one.
domain::Outcome<CalendarFeed> registration_feed(const Environment&, std::string_view token,
                                                domain::Language);

}  // namespace narada::usecases
