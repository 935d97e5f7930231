// /panel/statystyki/praktyki: from meetings to practices and on to those who adopted them.

#include "service/usecases/outcomes/practice_ways.h"

#include <charconv>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/panel/results_room.h"
#include "service/http/pages/results_views.h"
#include "service/http/pages/views.h"

namespace narada::http::pages {
namespace {

using usecases::PracticeWays;
using usecases::SignedIn;

constexpr const char* kPath = "/panel/statystyki/praktyki";
constexpr std::size_t kLongest = 100;  // octets of a filter's value

std::string days_text(const Page& page, std::optional<int> days) {
  if (!days) return page.text("results.no_data");
  return page.text("ways.days", {{"count", std::int64_t{*days}}});
}

usecases::WaysFilter read_filter(const Request& request) {
  usecases::WaysFilter filter;
  filter.topic = request.query_value("temat");
  if (filter.topic.size() > kLongest) filter.topic.clear();
  const auto text = request.query_value("rok");
  int year = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), year);
  if (!text.empty() && error == std::errc{} && end == text.data() + text.size()) filter.year = year;
  return filter;
}

web::View way_views(const Page& page, const PracticeWays& found) {
  web::View rows = web::View::array();
  for (const auto& [way, to_practice, to_adoption] : found.ways)
    rows.push_back({{"name", way.practice.title},
                    {"url", page.link("/praktyki/" + way.practice.slug)},
                    {"first_meeting", known_day(page, way.first_meeting)},
                    {"published", known_day(page, way.published)},
                    {"first_adopted", known_day(page, way.first_adopted)},
                    {"to_practice", days_text(page, to_practice)},
                    {"to_adoption", days_text(page, to_adoption)},
                    {"adopters", std::to_string(way.adopters)}});
  return rows;
}

Response show(Page& page, const SignedIn& signed_in) {
  open_panel(page, signed_in, PanelRoom::statistics, page.text("ways.title"));
  page.crumb(page.text("coverage.title"), "/panel/statystyki");
  const auto filter = read_filter(page.request());
  const auto found = take(load_practice_ways(page.environment(), signed_in.actor, filter));
  auto& view = page.view();
  std::vector<std::pair<std::string, std::string>> years{{"", page.text("coverage.any_year")}};
  for (const int year : found.years) years.emplace_back(std::to_string(year), std::to_string(year));
  view["ways_filter"] = {
      {"topics", topic_options(page, filter.topic)},
      {"years", options_view(years, filter.year ? std::to_string(*filter.year) : "")}};
  view["ways_url"] = page.link(kPath);
  view["median_to_practice"] = days_text(page, found.median_to_practice);
  view["median_to_adoption"] = days_text(page, found.median_to_adoption);
  view["ways"] = way_views(page, found);
  web::View stages = web::View::array();
  for (const auto& count : found.stages)
    stages.push_back({{"name", count.stage ? word(page, "outcome_stage", to_string(*count.stage))
                                           : page.text("results.no_data")},
                      {"count", std::to_string(count.outcomes)}});
  view["stage_counts"] = std::move(stages);
  web::View adopters = web::View::array();
  for (const auto& count : found.adopters)
    adopters.push_back({{"name", count.institution.name},
                        {"url", page.link(institution_path(count.institution))},
                        {"considering", std::to_string(count.considering)},
                        {"adapting", std::to_string(count.adapting)},
                        {"adopted", std::to_string(count.adopted)}});
  view["adopters"] = std::move(adopters);
  return page.render(200, "pages/panel_practice_ways");
}

}  // namespace

void add_panel_practice_ways_page(Router& router, const Parts& parts) {
  add_private_page(router, parts, Method::get, kPath, show);
}

}  // namespace narada::http::pages
