#pragma once

#include <string>
#include <vector>

#include "service/domain/reminder.h"
#include "service/http/pages/page.h"

namespace narada::http::pages {

// "7 dni przed spotkaniem"; "7 dni, 1 dzień, 2 godziny", or that there are none.
std::string reminder_name(const Page& page, domain::ReminderOffset offset);
std::string reminder_list(const Page& page, const std::vector<domain::ReminderOffset>& offsets);

}  // namespace narada::http::pages
