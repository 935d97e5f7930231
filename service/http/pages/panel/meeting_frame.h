#pragma once

#include <string_view>

#include "service/domain/meeting.h"
#include "service/http/pages/page.h"
#include "service/usecases/people/sessions.h"

namespace narada::http::pages {

// The frame of a page of one meeting: title, crumbs, tabs, where it stands, and the change that can
// be undone. `part` is the last part of the path ("dane").
void frame_meeting(Page& page, const usecases::SignedIn& signed_in, const domain::Meeting& meeting,
                   const char* part);

// The tabs alone: the pages of one meeting, for whoever organizes it. The template includes
// pages/panel_meeting_tabs.
void add_meeting_tabs(Page& page, domain::MeetingId meeting, std::string_view part);
// On a page that others see too: nothing for who does not organize the meeting.
void add_organizer_tabs(Page& page, const usecases::SignedIn& signed_in, domain::MeetingId meeting,
                        std::string_view part);

// Called by add_panel_meeting_pages and add_panel_cycle_pages.
void add_panel_history_pages(Router& router, const Parts& parts);
void add_panel_bin_pages(Router& router, const Parts& parts);

}  // namespace narada::http::pages
