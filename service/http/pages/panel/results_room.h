#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/http/pages/account/session.h"
#include "service/http/pages/panel/editor.h"
#include "service/usecases/outcomes/outcomes.h"

namespace narada::http::pages {

// /panel/spotkania/{id}/rezultaty and /panel/cykle/{id}/rezultaty: what came of a meeting or cycle.
struct ResultsRoom {
  domain::OutcomeOwner owner;
  usecases::WorkResults results;
  std::string path;  // "/panel/cykle/7/rezultaty"
};
// Throws Error 404 for whoever does not organize it.
ResultsRoom find_results_room(const Page& page, const usecases::SignedIn& signed_in, bool of_cycle);
// The frame of the meeting or cycle; `title`: of the page, empty for that of the room.
void frame_results(Page& page, const usecases::SignedIn& signed_in, const ResultsRoom& room,
                   const std::string& title = {});

void add_panel_results_pages(Router& router, const Parts& parts);
// Called by the one before.
void add_panel_outcome_pages(Router& router, const Parts& parts);
void add_panel_practice_drafting_page(Router& router, const Parts& parts);
void add_panel_practice_ways_page(Router& router, const Parts& parts);

}  // namespace narada::http::pages
