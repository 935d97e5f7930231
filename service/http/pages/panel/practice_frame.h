#pragma once

#include <string>
#include <string_view>

#include "service/domain/practice.h"
#include "service/http/pages/page.h"
#include "service/usecases/people/sessions.h"

namespace narada::http::pages {

// "/panel/praktyki/7", and a part of it ("/historia").
std::string practice_room_path(domain::PracticeId id, std::string_view part = "");

// The tabs of one practice, for whoever edits it; `part` is the last part of the path, empty for
// the description. The template includes pages/panel_meeting_tabs.
void add_practice_tabs(Page& page, domain::PracticeId id, std::string_view part);

// The frame of a page of one practice: title, crumbs, tabs, and how it stands.
void frame_practice(Page& page, const usecases::SignedIn& signed_in,
                    const domain::Practice& practice, std::string_view part);

// Called by add_panel_practice_pages.
void add_panel_practice_editor(Router& router, const Parts& parts);
void add_panel_practice_steps(Router& router, const Parts& parts);
void add_panel_practice_history(Router& router, const Parts& parts);

}  // namespace narada::http::pages
