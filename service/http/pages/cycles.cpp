#include "service/usecases/meetings/cycles.h"

#include <algorithm>
#include <array>

#include "service/http/pages/calendar_links.h"
#include "service/http/pages/catalogue_data.h"
#include "service/http/pages/materials_views.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/registration_form.h"
#include "service/http/pages/results_views.h"
#include "service/http/pages/views.h"
#include "web/dates.h"
#include "web/markdown.h"

namespace narada::http::pages {
namespace {

using domain::Cycle;

constexpr int kPageSize = 30;

web::View lines(const std::vector<std::string>& texts) { return web::View(texts); }

// [{role, institutions}] in the order in which a source names them.
web::View roles_view(const Page& page, const Cycle& cycle) {
  constexpr std::array kOrder = {domain::CycleRole::challenge_owner, domain::CycleRole::pilot,
                                 domain::CycleRole::host, domain::CycleRole::funder,
                                 domain::CycleRole::partner};
  web::View roles = web::View::array();
  for (const auto role : kOrder) {
    std::vector<domain::InstitutionRef> of_role;
    for (const auto& [institution, its_role] : cycle.institutions)
      if (its_role == role) of_role.push_back(institution);
    if (!of_role.empty())
      roles.push_back({{"role", word(page, "cycle_role", to_string(role))},
                       {"institutions", institution_links(page, of_role)}});
  }
  return roles;
}

// Everybody with a role, once, for the map and the list beside it.
std::vector<MapDot> members(const Cycle& cycle) {
  std::vector<MapDot> dots;
  for (const auto& [institution, role] : cycle.institutions) {
    const auto known = std::find_if(
        dots.begin(), dots.end(),
        [&, id = institution.id](const MapDot& dot) { return dot.institution.id == id; });
    const bool owner = role == domain::CycleRole::challenge_owner;
    if (known == dots.end())
      dots.push_back({institution, owner});
    else
      known->owner = known->owner || owner;
  }
  return dots;
}

void add_period(Page& page, const Cycle& cycle) {
  auto& view = page.view();
  if (!cycle.published_period.empty()) view["published_period"] = cycle.published_period;
  if (cycle.first_starts && cycle.last_ends && cycle.meeting_count > 0)
    view["computed_period"] = page.text(
        "cycle.computed",
        {{"period", period_of(page, cycle)}, {"count", std::int64_t{cycle.meeting_count}}});
  if (cycle.published_meeting_count)
    view["published_count"] =
        page.text("cycle.count", {{"count", std::int64_t{*cycle.published_meeting_count}}});
}

void add_people(Page& page, const Cycle& cycle) {
  auto& view = page.view();
  const auto dots = members(cycle);
  view["roles"] = roles_view(page, cycle);
  view["map"] = map_view(page, dots);
  web::View names = web::View::array();
  for (const auto& dot : dots) names.push_back(institution_link(page, dot.institution));
  view["member_count"] = names.size();
  view["members"] = std::move(names);
  view["participants_text"] = lines(cycle.participants_text);
  view["experts"] = expert_views(page, cycle.experts);
}

bool can_enrol(const Page& page, const Cycle& cycle) {
  return std::any_of(
      cycle.meetings.begin(), cycle.meetings.end(),
      [&](const domain::MeetingSummary& meeting) { return takes_enrolments(page, meeting); });
}

Response show_cycle(const Parts& parts, const Request& request) {
  Page page(parts, request, Section::cycles);
  const auto cycle =
      value_or_throw(find_cycle(page.environment(), visitor(), request.params.at("slug")));
  if (cycle.slug != request.params.at("slug"))
    return redirect(301, page.link("/cykle/" + cycle.slug));
  page.title(cycle.title);
  page.crumb(page.text("nav.cycles"), "/cykle");
  auto& view = page.view();
  view["cycle"] = cycle_view(page, cycle);
  view["cycle"]["challenge"] = web::markdown_html(cycle.challenge, 3);
  view["cycle"]["goal"] = web::markdown_html(cycle.goal, 3);
  view["cycle"]["caveat"] = cycle.caveat;
  view["cycle"]["practice_url"] = cycle.practice_url;
  view["description"] = cycle.summary;
  view["effects"] = lines(cycle.effects);
  view["materials"] = lines(cycle.materials);
  view["sources"] = lines(cycle.source_urls);
  view["timeline"] = timeline_view(page, cycle.meetings, {});
  view["can_enrol"] = can_enrol(page, cycle);
  view["enrol_url"] = page.link("/cykle/" + cycle.slug + "/zapisy");
  view["subscribe"] = subscription_links(page, "?cykl=" + cycle.slug);
  view["subscribe"]["ics_url"] = page.link("/cykle/" + cycle.slug + ".ics");
  view["subscribe"]["webcal_rest"] =
      without_scheme(page.absolute(page.link("/cykle/" + cycle.slug + ".ics")));
  add_period(page, cycle);
  add_people(page, cycle);
  add_material_summary(page, cycle.id, "/cykle/" + cycle.slug);
  view["json_ld"] = cycle_json_ld(page, cycle);
  add_breadcrumbs(page);
  add_results(page, cycle.id);
  if (const auto chain = load_cycle_chain(page.environment(), visitor(), cycle.id))
    add_chain(page, *chain);
  return page.render(200, "pages/cycle");
}

Response list_all(const Parts& parts, const Request& request) {
  Page page(parts, request, Section::cycles);
  const auto found =
      list_cycles(page.environment(), visitor(), {}, {kPageSize, request.find_query("od")});
  page.title(page.text("cycles.title"));
  web::View cycles = web::View::array();
  for (const auto& cycle : found.items) cycles.push_back(cycle_view(page, cycle));
  page.view()["cycles"] = std::move(cycles);
  if (found.next) page.view()["more_url"] = page.link("/cykle?od=" + encode_component(*found.next));
  return page.render(200, "pages/cycle_list");
}

}  // namespace

void add_cycle_pages(Router& router, const Parts& parts) {
  add_page(
      router, Method::get, "/cykle",
      [&parts](const Request& request) { return list_all(parts, request); }, shared_page());
  add_page(
      router, Method::get, "/cykle/{slug}",
      [&parts](const Request& request) { return show_cycle(parts, request); }, shared_page());
}

}  // namespace narada::http::pages
