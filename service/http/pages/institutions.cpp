#include "service/usecases/institutions/institutions.h"

#include <fmt/format.h>

#include "service/http/pages/calendar_links.h"
#include "service/http/pages/catalogue_data.h"
#include "service/http/pages/document_views.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/practice_filters.h"
#include "service/http/pages/results_views.h"
#include "service/http/pages/views.h"
#include "service/usecases/institutions/institutions_panel.h"
#include "service/usecases/materials/public_documents.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meeting_map.h"
#include "service/usecases/practices/practice_catalogue.h"

namespace narada::http::pages {
namespace {

constexpr int kPageSize = 200;
constexpr int kOnPage = 20;

// 146290 → "146 290", with a no-break space.
std::string grouped(std::int64_t number) {
  auto text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), "\u00a0");
  return text;
}

domain::InstitutionRef ref_of(const domain::Institution& institution) {
  return {institution.id,   institution.slug, institution.teryt,
          institution.name, institution.kind, institution.position};
}

Response list_all(const Parts& parts, const Request& request) {
  Page page(parts, request, Section::institutions);
  usecases::InstitutionFilter filter;
  filter.association = request.query_value("zwiazek");
  filter.q = request.query_value("q");
  filter.municipalities_only = true;
  const auto found =
      list_institutions(page.environment(), filter, {kPageSize, request.find_query("od")});
  page.title(page.text("institutions.title"));
  auto& view = page.view();
  std::vector<MapDot> dots;
  web::View names = web::View::array();
  for (const auto& institution : found.items) {
    auto link = institution_link(page, ref_of(institution));
    link["kind"] = word(page, "institution_kind", to_string(institution.kind));
    link["county"] = institution.county;
    names.push_back(std::move(link));
    dots.push_back({ref_of(institution), false});
  }
  view["count"] =
      page.text("institutions.count", {{"count", static_cast<std::int64_t>(names.size())}});
  view["institutions"] = std::move(names);
  view["map"] = map_view(page, dots);
  view["filter"] = {{"associations", association_options(page, filter.association)},
                    {"q", filter.q}};
  if (found.next)
    view["more_url"] = page.link("/gminy?od=" + encode_component(*found.next) +
                                 "&zwiazek=" + encode_component(filter.association) +
                                 "&q=" + encode_component(filter.q));
  return page.render(200, "pages/institution_list");
}

web::View facts_view(const Page& page, const domain::Institution& institution) {
  web::View facts = web::View::array();
  const auto add = [&](std::string_view label, const std::string& text) {
    if (!text.empty()) facts.push_back({{"label", page.text(label)}, {"text", text}});
  };
  add("institution.kind", word(page, "institution_kind", to_string(institution.kind)));
  add("institution.county", institution.county);
  add("institution.voivodeship", institution.voivodeship);
  if (institution.teryt) add("institution.teryt", *institution.teryt);
  if (institution.population)
    add("institution.population",
        grouped(*institution.population) + (institution.population_year
                                                ? fmt::format(" ({})", *institution.population_year)
                                                : ""));
  for (const auto& membership : institution.associations)
    add("institution.association",
        membership.name +
            (membership.certain ? "" : " (" + page.text("institution.uncertain") + ")"));
  return facts;
}

// What the institution gave to others and took from them.
void add_practices(Page& page, const domain::Institution& institution) {
  auto& view = page.view();
  usecases::CatalogueFilter practices;
  practices.institution = std::to_string(institution.id.value);
  view["practices"] = practice_views(page, list_catalogue(page.environment(), practices, kOnPage));
  add_institution_adoptions(page, institution.id);
  usecases::DocumentFilter documents;
  documents.institution = practices.institution;
  view["documents"] =
      document_views(page, list_public_documents(page.environment(), documents, kOnPage));
}

// [{label, text}] of what there is.
web::View numbers_view(const Page& page, const domain::Institution& institution) {
  const auto numbers = load_institution_numbers(page.environment(), institution.id);
  web::View views = web::View::array();
  const auto add = [&](std::string_view label, std::int64_t count) {
    if (count > 0) views.push_back({{"label", page.text(label)}, {"text", std::to_string(count)}});
  };
  add("institution.hosted", numbers.hosted);
  add("institution.came", numbers.came);
  return views;
}

void add_history(Page& page, const domain::Institution& institution) {
  auto& view = page.view();
  const auto key = std::to_string(institution.id.value);
  usecases::MeetingFilter meetings;
  meetings.institution = key;
  meetings.newest_first = true;
  view["meetings"] = meeting_views(
      page, list_meetings(page.environment(), visitor(), meetings, {kOnPage, {}}).items);
  usecases::CycleFilter cycles;
  cycles.institution = key;
  web::View cycle_views = web::View::array();
  for (const auto& cycle : list_cycles(page.environment(), visitor(), cycles, {kOnPage, {}}).items)
    cycle_views.push_back(cycle_view(page, cycle));
  view["cycles"] = std::move(cycle_views);
  add_practices(page, institution);
  view["numbers"] = numbers_view(page, institution);
  view["subscribe"] = subscription_links(
      page, "?gmina=" + encode_component(institution.teryt.value_or(institution.slug)));
  view["has_history"] = !view["meetings"].empty() || !view["cycles"].empty() ||
                        !view["practices"].empty() || !view["adoptions_took"].empty();
}

// "2462011-bytom", "bytom" or an id all name one institution; the first is where it lives.
Response show_institution(const Parts& parts, const Request& request) {
  Page page(parts, request, Section::institutions);
  const auto& key = request.params.at("key");
  auto found = find_institution(page.environment(), key);
  if (const auto dash = key.find('-'); !found && dash == 7)
    found = find_institution(page.environment(), key.substr(0, dash));
  const auto institution = value_or_throw(std::move(found));
  if (const auto successor =
          usecases::find_successor(page.environment(), std::to_string(institution.id.value)))
    return redirect(308, page.link(institution_path(*successor)));
  const auto path = institution_path(ref_of(institution));
  if (path != "/gminy/" + key) return redirect(301, page.link(path));
  page.title(institution.name);
  page.crumb(page.text("nav.institutions"), "/gminy");
  auto& view = page.view();
  view["institution"] = {{"name", institution.name},
                         {"kind", word(page, "institution_kind", to_string(institution.kind))},
                         {"website", institution.website}};
  view["facts"] = facts_view(page, institution);
  view["map"] = map_view(page, {{ref_of(institution), true}});
  add_history(page, institution);
  view["json_ld"] = institution_json_ld(page, institution);
  add_breadcrumbs(page);
  return page.render(200, "pages/institution");
}

}  // namespace

void add_institution_pages(Router& router, const Parts& parts) {
  add_page(
      router, Method::get, "/gminy",
      [&parts](const Request& request) { return list_all(parts, request); }, shared_page());
  add_page(
      router, Method::get, "/gminy/{key}",
      [&parts](const Request& request) { return show_institution(parts, request); }, shared_page());
}

}  // namespace narada::http::pages
