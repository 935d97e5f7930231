#pragma once

#include <string>

#include "service/http/pages/page.h"
#include "service/usecases/meetings/date_finder.h"

namespace narada::http::pages {

// The best days as a table shows them: {summary, proposals: [{number, when, free, away: [{text}],
// experts_away: [{text}], bridge, date, starts, ends}]}; null before a search.
web::View found_dates_view(const Page& page, const usecases::FoundDates& found);

// The choice of weekdays in a search: "" for Monday to Friday, "1" for Monday alone … "7".
std::vector<std::pair<std::string, std::string>> wish_weekdays(const Page& page);
void set_weekdays(const std::string& chosen, domain::DateWish& wish);

}  // namespace narada::http::pages
