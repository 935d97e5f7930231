// /panel/spotkania/{id}/materialy, /panel/cykle/{id}/materialy: what organizers bring for those who
// take part; /panel/praktyki/{id}/materialy: what helps others to adopt a practice.

#include <fmt/format.h>

#include <algorithm>

#include "service/http/pages/material_forms.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/meeting_frame.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/practice_frame.h"
#include "service/usecases/meetings/planner.h"
#include "service/usecases/practices/practices.h"
#include "service/usecases/things.h"

namespace narada::http::pages {
namespace {

using usecases::SignedIn;

void add_expert(std::vector<domain::ExpertRef>& experts, const domain::ExpertRef& expert) {
  const bool known = std::any_of(experts.begin(), experts.end(),
                                 [&](const domain::ExpertRef& one) { return one.id == expert.id; });
  if (!known) experts.push_back(expert);
}

MaterialRoom find_meeting_room(const Page& page, const SignedIn& signed_in) {
  const domain::MeetingId id{id_of(page.request())};
  const auto stored = load_meeting_to_edit(page.environment(), signed_in.actor, id);
  if (!stored) throw Error(404);
  const auto& meeting = stored->meeting;
  MaterialRoom room;
  room.owner = id;
  room.title = meeting.title;
  room.path = fmt::format("/panel/spotkania/{}/materialy", id.value);
  room.organizes = true;
  if (meeting.status != domain::MeetingStatus::draft)
    room.public_path = "/spotkania/" + meeting.slug + "/materialy";
  for (const auto& expert : meeting.experts) add_expert(room.experts, expert);
  for (const auto& item : meeting.program)
    for (const auto& expert : item.experts) add_expert(room.experts, expert);
  return room;
}

MaterialRoom find_cycle_room(const Page& page, const SignedIn& signed_in) {
  const domain::CycleId id{id_of(page.request())};
  const auto stored = load_cycle_to_edit(page.environment(), signed_in.actor, id);
  if (!stored) throw Error(404);
  const auto& cycle = stored->cycle;
  MaterialRoom room;
  room.owner = id;
  room.title = cycle.title;
  room.path = fmt::format("/panel/cykle/{}/materialy", id.value);
  room.organizes = true;
  if (cycle.status != domain::CycleStatus::draft)
    room.public_path = "/cykle/" + cycle.slug + "/materialy";
  room.experts = cycle.experts;
  return room;
}

MaterialRoom find_practice_room(const Page& page, const SignedIn& signed_in) {
  const domain::PracticeId id{id_of(page.request())};
  const auto key = std::to_string(id.value);
  take(check_practice(page.environment(), signed_in.actor, usecases::Action::edit_practice, key));
  const auto practice = take(find_practice(page.environment(), signed_in.actor, key));
  MaterialRoom room;
  room.owner = id;
  room.title = practice.title;
  room.path = fmt::format("/panel/praktyki/{}/materialy", id.value);
  room.organizes = true;
  if (practice.status == domain::PracticeStatus::published)
    room.public_path = "/praktyki/" + practice.slug + "/materialy";
  return room;
}

void open_page(Page& page, const SignedIn& signed_in, const MaterialRoom& room,
               const std::string& title) {
  open_panel(page, signed_in, PanelRoom::cycles, title);
  page.crumb(page.text("planner.cycles_title"), "/panel/cykle");
  if (const auto* meeting = std::get_if<domain::MeetingId>(&room.owner)) {
    page.crumb(room.title, fmt::format("/panel/spotkania/{}/dane", meeting->value));
    add_meeting_tabs(page, *meeting, "materialy");
  } else if (const auto* cycle = std::get_if<domain::CycleId>(&room.owner)) {
    page.crumb(room.title, fmt::format("/panel/cykle/{}", cycle->value));
  }
}

void open_practice_page(Page& page, const SignedIn& signed_in, const MaterialRoom& room,
                        const std::string& title) {
  const auto practice = std::get<domain::PracticeId>(room.owner);
  open_panel(page, signed_in, PanelRoom::practices, title);
  page.crumb(page.text("panel_practices.title"), "/panel/praktyki");
  page.crumb(room.title, practice_room_path(practice));
  add_practice_tabs(page, practice, "materialy");
}

}  // namespace

void add_panel_material_pages(Router& router, const Parts& parts) {
  add_material_pages(router, parts,
                     {"/panel/spotkania/{id}/materialy", find_meeting_room, open_page});
  add_material_pages(router, parts, {"/panel/cykle/{id}/materialy", find_cycle_room, open_page});
  add_material_pages(router, parts,
                     {"/panel/praktyki/{id}/materialy", find_practice_room, open_practice_page});
}

}  // namespace narada::http::pages
