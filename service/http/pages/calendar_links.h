#pragma once

#include "service/domain/meeting.h"
#include "service/http/pages/page.h"

namespace narada::http::pages {

// {ics_url, google_url, outlook_url}: where a click adds the meeting to a calendar; the file works
// everywhere. `where` is the place in words.
web::View calendar_links(const Page& page, const domain::MeetingSummary& meeting,
                         const std::string& where);

}  // namespace narada::http::pages
