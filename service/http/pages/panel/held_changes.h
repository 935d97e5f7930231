#pragma once

#include "service/http/pages/form.h"
#include "service/http/pages/page.h"
#include "service/usecases/meetings/change_undoing.h"
#include "service/usecases/people/sessions.h"

namespace narada::http::pages {

// Puts the change of the meeting that can be undone now into the view, for the template panel_held.
// Its form needs a FormGuard.
void show_held_change(Page& page, const usecases::SignedIn& signed_in, domain::MeetingId meeting);

// "odwołano spotkanie, 21 stycznia 2027, 9:30".
std::string change_text(const Page& page, usecases::ChangeKind kind);

}  // namespace narada::http::pages
