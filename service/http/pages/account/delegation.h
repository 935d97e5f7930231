#pragma once

#include <string>

#include "service/http/pages/account/session.h"
#include "service/usecases/registrations/consent.h"
#include "service/usecases/registrations/delegations.h"

namespace narada::http::pages {

// "/delegacja/12?instytucja=gliwice", of the page where an institution fills its places.
std::string delegation_path(domain::MeetingId meeting, const domain::InstitutionRef& institution);

// "wtorek, 19 stycznia 2027, 10:00–14:00", or the month where that is all that is known.
std::string time_of(const Page& page, const domain::MeetingSummary& meeting);

// The sheet that says that somebody is sent to a meeting, as a file to look at. Never kept.
Response referral_file(const Page& page, const usecases::ConsentView& consent);

// "do" of a posted form, and ids in it; 0 where there is none.
std::int64_t posted_id(const FormFields& fields, std::string_view name);

}  // namespace narada::http::pages
