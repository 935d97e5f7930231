#pragma once

#include <string>

#include "service/http/pages/page.h"
#include "service/usecases/registrations/calendar_ledger.h"

namespace narada::http::pages {

// "wersja 2 z 2", or which of them has arrived.
std::string version_text(const Page& page, const usecases::CalendarRecord& record);
// The same in a sentence for the person whose calendar it is.
std::string own_version_text(const Page& page, const usecases::CalendarRecord& record);
// {text, color}: whether what a calendar was told last has arrived.
web::View version_tag(const Page& page, const usecases::CalendarRecord& record);
// "zaproszenie przyjęte"; empty where nothing was asked.
std::string calendar_answer_text(const Page& page, const usecases::CalendarRecord& record);

}  // namespace narada::http::pages
