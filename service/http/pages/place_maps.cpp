// The maps of practices and of meetings: a symbol for each municipality, the more the larger, and
// the same beside it as a list.

#include <algorithm>
#include <charconv>
#include <cmath>

#include "service/http/pages/pages.h"
#include "service/http/pages/practice_filters.h"
#include "service/http/pages/views.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/meetings/meeting_map.h"

namespace narada::http::pages {
namespace {

using domain::CountedInstitution;

constexpr double kLargest = 3.2;  // of the usual radius

std::string key_of(const domain::InstitutionRef& institution) {
  return institution.teryt.value_or(institution.slug);
}

// The area of a symbol tells the number. The largest come first, so that small ones lie above.
template <class About, class Url>
std::vector<MapDot> dots_of(const std::vector<CountedInstitution>& counts, const About& about,
                            const Url& url) {
  std::vector<MapDot> dots;
  for (const auto& one : counts) {
    MapDot dot;
    dot.institution = one.institution;
    dot.size = std::min(std::sqrt(static_cast<double>(one.count)), kLargest);
    dot.title = about(one);
    dot.url = url(one);
    dots.push_back(std::move(dot));
  }
  std::stable_sort(dots.begin(), dots.end(),
                   [](const MapDot& left, const MapDot& right) { return left.size > right.size; });
  return dots;
}

// [{label, url, current}]: the whole country, and the area of each association.
web::View zooms_view(const Page& page, const std::string& path, const std::string& query,
                     const std::string& chosen) {
  web::View zooms = web::View::array();
  zooms.push_back({{"label", page.text("map.country")},
                   {"url", page.link(path + query)},
                   {"current", chosen.empty()}});
  for (const auto& association : list_associations(page.environment()))
    zooms.push_back(
        {{"label", association.name},
         {"url",
          page.link(path + joined_query(query, "obszar=" + encode_component(association.code)))},
         {"current", chosen == association.code}});
  return zooms;
}

// What both maps show: the map, the list, the zooms.
template <class About, class Url>
void add_map(Page& page, const std::string& path, const std::string& query,
             const std::vector<CountedInstitution>& counts, const About& about, const Url& url) {
  auto& view = page.view();
  const auto chosen = page.request().query_value("obszar");
  const auto area = load_member_positions(page.environment(), chosen);
  view["map"] = map_view(page, dots_of(counts, about, url), area);
  view["zooms"] = zooms_view(page, path, query, area.empty() ? "" : chosen);
  if (!area.empty()) view["area"] = chosen;
  web::View rows = web::View::array();
  for (const auto& one : counts)
    rows.push_back({{"name", one.institution.name},
                    {"institution_url", page.link(institution_path(one.institution))},
                    {"url", url(one)},
                    {"about", about(one)},
                    {"count", one.count}});
  view["rows"] = std::move(rows);
}

Response show_practice_map(const Parts& parts, const Request& request) {
  Page page(parts, request, Section::practices);
  const auto filter = read_catalogue_filter(request);
  const auto places = load_practice_places(page.environment(), filter);
  const auto facets = load_catalogue_page(page.environment(), filter, 1, 1).facets;
  page.title(page.text("map.practices_title"));
  page.crumb(page.text("nav.practices"), "/praktyki");
  auto& view = page.view();
  view["map_name"] = page.text("map.practices_name");
  view["filter"] = catalogue_filter_view(page, facets);
  view["filter_action"] = page.link("/praktyki/mapa");
  view["count_text"] = page.text(
      "map.practices_count", {{"count", places.practices},
                              {"places", static_cast<std::int64_t>(places.institutions.size())}});
  view["list_url"] = page.link("/praktyki" + catalogue_query(request));
  view["data_url"] = "/api/v1/practices.geojson";
  const auto others = catalogue_query(request, "gmina");
  add_map(
      page, "/praktyki/mapa", catalogue_query(request), places.institutions,
      [&](const CountedInstitution& one) {
        return page.text("map.practices_of",
                         {{"name", one.institution.name}, {"count", one.count}});
      },
      [&](const CountedInstitution& one) {
        return page.link("/praktyki" + joined_query(others, "gmina=" + encode_component(key_of(
                                                                           one.institution))));
      });
  return page.render(200, "pages/practice_map");
}

std::optional<int> find_year(const std::string& text) {
  int year = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), year);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && year >= 1900 && year <= 2100 ? std::optional(year) : std::nullopt;
}

usecases::MeetingMapFilter read_map_filter(const Request& request) {
  usecases::MeetingMapFilter filter;
  filter.topic = request.query_value("temat");
  filter.form = domain::find_meeting_form(request.query_value("forma"));
  filter.association = request.query_value("zwiazek");
  filter.year = find_year(request.query_value("rok"));
  return filter;
}

std::string map_query(const usecases::MeetingMapFilter& filter) {
  std::string query;
  const auto add = [&](const std::string& name, const std::string& value) {
    if (!value.empty()) query = joined_query(query, name + "=" + encode_component(value));
  };
  add("temat", filter.topic);
  add("forma", filter.form ? std::string(to_string(*filter.form)) : "");
  add("zwiazek", filter.association);
  add("rok", filter.year ? std::to_string(*filter.year) : "");
  return query;
}

web::View meeting_filter_view(const Page& page, const usecases::MeetingMapFilter& filter,
                              const std::vector<int>& years) {
  constexpr std::array kForms = {
      domain::MeetingForm::meeting,       domain::MeetingForm::workshop,
      domain::MeetingForm::training,      domain::MeetingForm::webinar,
      domain::MeetingForm::conference,    domain::MeetingForm::study_visit,
      domain::MeetingForm::research_walk, domain::MeetingForm::field_interviews,
      domain::MeetingForm::session};
  std::vector<std::pair<std::string, std::string>> forms{{"", page.text("filter.any_form")}};
  for (const auto form : kForms)
    forms.emplace_back(to_string(form), word(page, "form", to_string(form)));
  std::vector<std::pair<std::string, std::string>> all_years{{"", page.text("catalogue.any_year")}};
  for (const int year : years) all_years.emplace_back(std::to_string(year), std::to_string(year));
  return {{"topics", topic_options(page, filter.topic)},
          {"forms", options_view(forms, filter.form ? to_string(*filter.form) : "")},
          {"associations", association_options(page, filter.association)},
          {"years", options_view(all_years, filter.year ? std::to_string(*filter.year) : "")},
          {"active", !map_query(filter).empty()}};
}

Response show_meeting_map(const Parts& parts, const Request& request) {
  Page page(parts, request, Section::calendar);
  const auto filter = read_map_filter(request);
  const auto places = load_meeting_places(page.environment(), filter);
  page.title(page.text("map.meetings_title"));
  page.crumb(page.text("nav.calendar"), "/kalendarz");
  auto& view = page.view();
  view["map_name"] = page.text("map.meetings_name");
  view["filter"] = meeting_filter_view(page, filter, places.years);
  view["filter_action"] = page.link("/kalendarz/mapa");
  view["count_text"] = page.text(
      "map.meetings_count", {{"count", places.meetings},
                             {"places", static_cast<std::int64_t>(places.institutions.size())}});
  view["list_url"] = page.link("/kalendarz/lista");
  view["data_url"] = "/api/v1/meetings.geojson";
  add_map(
      page, "/kalendarz/mapa", map_query(filter), places.institutions,
      [&](const CountedInstitution& one) {
        return page.text("map.meetings_of", {{"name", one.institution.name}, {"count", one.count}});
      },
      [&](const CountedInstitution& one) {
        return page.link(institution_path(one.institution)) + "#spotkania";
      });
  return page.render(200, "pages/meeting_map");
}

}  // namespace

void add_place_map_pages(Router& router, const Parts& parts) {
  add_page(
      router, Method::get, "/praktyki/mapa",
      [&parts](const Request& request) { return show_practice_map(parts, request); },
      shared_page());
  add_page(
      router, Method::get, "/kalendarz/mapa",
      [&parts](const Request& request) { return show_meeting_map(parts, request); }, shared_page());
}

}  // namespace narada::http::pages
