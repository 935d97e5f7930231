#pragma once

#include <string>

#include "service/http/pages/account/session.h"
#include "service/usecases/experts/preparation.h"

namespace narada::http::pages {

// The workspace of experts: /prowadzenie, what they lead, what is awaited of them, their profile.

// "3 lutego 2027"
std::string due_text(const Page& page, domain::Date date);
// [{name, state, color, due, note}] of the tasks.
web::View task_views(const Page& page, const std::vector<domain::TaskStatus>& tasks);
// "/prowadzenie/spotkania/7" and `part` behind it.
std::string led_path(domain::MeetingId meeting, std::string_view part = {});

void add_leading_meeting_pages(Router& router, const Parts& parts);
void add_leading_profile_pages(Router& router, const Parts& parts);

}  // namespace narada::http::pages
