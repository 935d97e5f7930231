// /panel/spotkania/{id}/delegacje: what each institution holds at one meeting, for its organizers.

#include <fmt/format.h>

#include "service/http/pages/account/delegation.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/panel/meeting_frame.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/registration_form.h"
#include "service/http/pages/views.h"
#include "service/usecases/institutions/institutions.h"

namespace narada::http::pages {
namespace {

using usecases::MeetingDelegations;
using usecases::SignedIn;

MeetingDelegations load(const Page& page, const SignedIn& signed_in) {
  return value_or_throw(list_meeting_delegations(page.environment(), signed_in.actor,
                                                 std::to_string(id_of(page.request()))));
}

Response show(Page& page, const SignedIn& signed_in, const domain::FieldErrors& errors = {}) {
  const auto found = load(page, signed_in);
  const auto title = page.text("delegation.meeting_heading", {{"title", found.meeting.title}});
  open_panel(page, signed_in, PanelRoom::registrations, title);
  add_organizer_tabs(page, signed_in, found.meeting.id, "delegacje");
  auto& view = page.view();
  view["heading"] = title;
  view["when"] = time_of(page, found.meeting);
  view["registrations_url"] =
      page.link(fmt::format("/panel/spotkania/{}/zapisy", found.meeting.id.value));
  view["rows"] = web::View::array();
  int places = 0;
  int named = 0;
  for (const auto& one : found.delegations) {
    places += one.places;
    named += one.named;
    view["rows"].push_back({{"url", page.link(delegation_path(found.meeting.id, one.institution))},
                            {"institution", one.institution.name},
                            {"mode", word(page, "mode", to_string(one.mode))},
                            {"places", std::to_string(one.places)},
                            {"named", std::to_string(one.named)},
                            {"open", std::to_string(std::max(0, one.places - one.named))},
                            {"reserve", std::to_string(one.reserve)}});
  }
  view["total"] = {{"places", std::to_string(places)},
                   {"named", std::to_string(named)},
                   {"open", std::to_string(std::max(0, places - named))}};
  view["action"] = page.link(fmt::format("/panel/spotkania/{}/delegacje", found.meeting.id.value));
  add_institution_choices(page);
  if (!errors.empty()) show_errors(page, errors);
  const FormGuard guard(page);
  return guard.apply(page.render(errors.empty() ? 200 : 422, "pages/panel_delegations"));
}

// Leads to the table of the institution that was picked; nothing is written.
Response pick(Page& page, const SignedIn& signed_in) {
  const auto fields = read_own_form(page);
  const auto typed = fields.value("institution");
  page.view()["institution"] = typed;
  if (!fields.errors.empty()) return show(page, signed_in, fields.errors);
  const auto key = institution_key(page, typed);
  const auto found = load(page, signed_in);
  for (const auto& one : usecases::all_institutions(page.environment())) {
    const bool is_it = one.name == key || one.slug == key || one.teryt == key ||
                       std::to_string(one.id.value) == key;
    if (is_it) return redirect(303, page.link(delegation_path(found.meeting.id, one)));
  }
  return show(page, signed_in, {{"institution", "unknown_institution"}});
}

}  // namespace

void add_panel_delegation_pages(Router& router, const Parts& parts) {
  RouteOptions form;
  form.body_limit = 16 << 10;
  add_private_page(router, parts, Method::get, "/panel/spotkania/{id}/delegacje",
                   [](Page& page, const SignedIn& signed_in) { return show(page, signed_in); });
  add_private_page(router, parts, Method::post, "/panel/spotkania/{id}/delegacje", pick, form);
}

}  // namespace narada::http::pages
