#pragma once

#include <string>

#include "calendar/event.h"
#include "service/usecases/feeds.h"

namespace narada::usecases {

// The text with the ETag of its bytes.
CalendarFeed with_content_tag(std::string text);
// The feed as iCalendar text, with the ETag of its bytes.
CalendarFeed write_calendar_feed(const calendar::Feed& feed);

}  // namespace narada::usecases
