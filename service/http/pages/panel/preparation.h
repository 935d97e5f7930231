#pragma once

#include <optional>
#include <string>

#include "service/domain/time.h"
#include "service/http/pages/page.h"

namespace narada::http::pages {

// "2027-01-21"; absent for anything else.
std::optional<domain::Date> find_date(const std::string& typed);

// What experts prepare: …/prowadzacy of a meeting and a cycle, /panel/przygotowania.
void add_panel_preparation_pages(Router& router, const Parts& parts);
// …/prowadzacy/plan: what is awaited, and by when.
void add_panel_preparation_plan_pages(Router& router, const Parts& parts);

}  // namespace narada::http::pages
