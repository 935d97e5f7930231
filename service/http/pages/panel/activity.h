#pragma once

#include "service/http/pages/page.h"
#include "service/usecases/overview/activity_log.h"

namespace narada::http::pages {

// One entry of the log in words: when, datetime, who, what, changes, details, and the addresses of
// the log narrowed to its parts.
web::View activity_view(const Page& page, const usecases::ActivityEntry& entry);
// Who has done something, by name where there is one.
std::string activity_actor_text(const Page& page, const std::string& actor,
                                const std::string& name);

}  // namespace narada::http::pages
