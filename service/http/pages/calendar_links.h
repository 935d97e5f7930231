#pragma once

#include "service/domain/meeting.h"
#include "service/http/pages/page.h"
#include "service/usecases/feeds.h"

namespace narada::http::pages {

// {ics_url, google_url, outlook_url}: where a click adds the meeting to a calendar; the file works
// everywhere. `where` is the place in words.
web::View calendar_links(const Page& page, const domain::MeetingSummary& meeting,
                         const std::string& where);

// iCalendar text as a file to open or to subscribe to; `file_name` with its ending, plain ASCII.
Response calendar_response(const usecases::CalendarFeed& feed, const std::string& file_name);

// What pages/subscribe shows of a list's meetings: `query` begins with "?" or is empty.
web::View subscription_links(const Page& page, const std::string& query);
// "//host/…" of an absolute address: with "webcal:" before it a calendar program subscribes instead
// of copying once.
std::string without_scheme(const std::string& address);

}  // namespace narada::http::pages
