#pragma once

#include <string>

#include "service/http/pages/page.h"
#include "service/usecases/meetings/meetings.h"

namespace narada::http::pages {

// The filters of calendar, list and feeds, as they stand in the URL: temat, forma, tryb, gmina,
// woj, q. A value that fits nothing is left out, as if it were not there.
usecases::MeetingFilter read_meeting_filter(const Request& request);

// The same filters as a query, "?temat=…" or empty; for links that keep them. Values that fit
// nothing are left out here too, so that they make no addresses of their own.
std::string filter_query(const Request& request);

// {topics, forms, modes, voivodeships, institution, q, active} for the filter form.
web::View filter_view(const Page& page);

}  // namespace narada::http::pages
