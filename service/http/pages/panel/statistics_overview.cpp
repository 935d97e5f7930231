// /panel/statystyki: which institutions come, to which topics, and which never do.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "service/http/pages/pages.h"
#include "service/http/pages/panel/lists.h"
#include "service/http/pages/panel/panel.h"
#include "service/http/pages/views.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/overview/coverage.h"
#include "service/usecases/registrations/registration_export.h"

namespace narada::http::pages {
namespace {

using domain::CoverageNumbers;
using domain::CoverageRow;
using domain::Presence;
using usecases::Coverage;
using usecases::CoverageFilter;
using usecases::CoverageSort;
using usecases::SignedIn;

constexpr const char* kPath = "/panel/statystyki";
constexpr std::size_t kPageSize = 100;
constexpr std::size_t kLongest = 100;  // octets of a filter's value
constexpr Presence kPresences[] = {Presence::never, Presence::seldom, Presence::sometimes,
                                   Presence::often};

std::optional<int> read_year(const std::string& text) {
  constexpr int kFirst = 1990, kLast = 2200;
  int year = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), year);
  if (error != std::errc{} || end != text.data() + text.size() || year < kFirst || year > kLast)
    return std::nullopt;
  return year;
}

std::optional<Presence> read_presence(const std::string& text) {
  for (const auto presence : kPresences)
    if (to_string(presence) == text) return presence;
  return std::nullopt;
}

std::string value_of(const Request& request, std::string_view name) {
  auto value = request.query_value(name);
  return value.size() > kLongest ? std::string() : value;
}

CoverageFilter read_filter(const Request& request) {
  CoverageFilter filter;
  filter.association = value_of(request, "zwiazek");
  filter.topic = value_of(request, "temat");
  filter.from_year = read_year(value_of(request, "od"));
  filter.to_year = read_year(value_of(request, "do"));
  filter.presence = read_presence(value_of(request, "obecnosc"));
  filter.sort =
      usecases::find_coverage_sort(value_of(request, "kolejnosc")).value_or(CoverageSort::name);
  return filter;
}

using Options = std::vector<std::pair<std::string, std::string>>;

web::View year_options(const Page& page, const std::vector<int>& years, std::optional<int> chosen) {
  Options options{{"", page.text("coverage.any_year")}};
  for (const int year : years) options.emplace_back(std::to_string(year), std::to_string(year));
  return options_view(options, chosen ? std::to_string(*chosen) : std::string());
}

std::string presence_text(const Page& page, Presence presence) {
  return page.text("coverage.is_" + std::string(to_string(presence)));
}

web::View filter_view(const Page& page, const CoverageFilter& filter,
                      const std::vector<int>& years) {
  Options associations{{"", page.text("coverage.any_association")}};
  for (const auto& association : list_associations(page.environment()))
    associations.emplace_back(association.code, association.name);
  Options presences{{"", page.text("coverage.any_presence")}};
  for (const auto presence : kPresences)
    presences.emplace_back(to_string(presence), presence_text(page, presence));
  Options sorts;
  for (const auto sort :
       {CoverageSort::name, CoverageSort::times, CoverageSort::registered, CoverageSort::hosted})
    sorts.emplace_back(to_string(sort), page.text("coverage.sort_" + std::string(to_string(sort))));
  return {
      {"associations", options_view(associations, filter.association)},
      {"topics", topic_options(page, filter.topic)},
      {"from_years", year_options(page, years, filter.from_year)},
      {"to_years", year_options(page, years, filter.to_year)},
      {"presences", options_view(presences, filter.presence ? to_string(*filter.presence) : "")},
      {"sorts", options_view(sorts, to_string(filter.sort))}};
}

// A column of the table beside the institution's name.
struct CoverageColumn {
  std::string label;
  std::int64_t topic = 0;
};

std::vector<CoverageColumn> topic_columns(const Page& page, const Coverage& coverage) {
  std::vector<CoverageColumn> columns;
  for (const auto& topic : coverage.topics)
    columns.push_back({topic_name(page, topic), topic.id.value});
  if (coverage.has_no_topic) columns.push_back({page.text("coverage.no_topic"), 0});
  return columns;
}

std::int64_t times_in(const CoverageRow& row, std::int64_t topic) {
  const auto found = row.topics.find(topic);
  return found == row.topics.end() ? 0 : found->second.times();
}

web::View row_views(const Page& page, const Coverage& coverage,
                    const std::vector<CoverageColumn>& columns, std::size_t first) {
  web::View rows = web::View::array();
  const auto end = std::min(coverage.rows.size(), first + kPageSize);
  for (auto index = first; index < end; ++index) {
    const auto& row = coverage.rows[index];
    const auto presence = domain::presence_of(row.all.times());
    web::View cells = web::View::array();
    for (const auto& column : columns) {
      const auto times = times_in(row, column.topic);
      cells.push_back(
          {{"label", column.label}, {"times", std::to_string(times)}, {"none", times == 0}});
    }
    rows.push_back({{"url", page.link(institution_path(row.institution))},
                    {"name", row.institution.name},
                    {"times", std::to_string(row.all.times())},
                    {"unmarked", row.all.unmarked > 0
                                     ? page.text("coverage.unmarked", {{"count", row.all.unmarked}})
                                     : std::string()},
                    {"presence", presence_text(page, presence)},
                    {"look", to_string(presence)},
                    {"cells", std::move(cells)},
                    {"registered", std::to_string(row.all.registered)},
                    {"hosted", std::to_string(row.all.hosted)}});
  }
  return rows;
}

// The classes differ in size, and "never" is a ring.
double size_of(Presence presence) {
  switch (presence) {
    case Presence::never:
    case Presence::seldom:
      return 0.8;
    case Presence::sometimes:
      return 1.3;
    case Presence::often:
      return 1.9;
  }
  return 1;
}

web::View coverage_map(const Page& page, const Coverage& coverage) {
  std::vector<MapDot> dots;
  for (const auto& row : coverage.rows) {
    const auto presence = domain::presence_of(row.all.times());
    MapDot dot;
    dot.institution = row.institution;
    dot.look = std::string(to_string(presence));
    dot.size = size_of(presence);
    dot.title =
        row.institution.name + ": " + page.text("coverage.times", {{"count", row.all.times()}});
    dots.push_back(std::move(dot));
  }
  return map_view(page, dots);
}

web::View legend(const Page& page, const Coverage& coverage) {
  constexpr double kRadius = 5;
  web::View views = web::View::array();
  for (const auto presence : kPresences)
    views.push_back(
        {{"look", to_string(presence)},
         {"radius", fmt::format("{:.1f}", kRadius * size_of(presence))},
         {"label", presence_text(page, presence)},
         {"count", std::to_string(coverage.counts[static_cast<std::size_t>(presence)])}});
  return views;
}

std::size_t read_first(const Request& request, std::size_t count) {
  const auto text = value_of(request, "strona");
  std::size_t number = 1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < 1) return 0;
  const auto first = (number - 1) * kPageSize;
  return number > count / kPageSize + 1 || first >= count ? 0 : first;
}

void add_paging(Page& page, std::size_t first, std::size_t count) {
  const auto query = query_without(page.request(), {"strona", "zrobione"});
  const auto url = [&](std::size_t number) {
    return page.link(kPath) + (query.empty() ? "?" : query + "&") +
           "strona=" + std::to_string(number);
  };
  const auto number = first / kPageSize + 1;
  if (first + kPageSize < count) page.view()["more_url"] = url(number + 1);
  if (number > 1) page.view()["earlier_url"] = url(number - 1);
}

Coverage load(const Page& page, const SignedIn& signed_in, const CoverageFilter& filter) {
  auto coverage = load_coverage(page.environment(), signed_in.actor, filter);
  if (!coverage) throw Error(404);
  return std::move(coverage).value();
}

Response show(Page& page, const SignedIn& signed_in) {
  open_panel(page, signed_in, PanelRoom::statistics, page.text("coverage.title"));
  const auto filter = read_filter(page.request());
  const auto coverage = load(page, signed_in, filter);
  const auto columns = topic_columns(page, coverage);
  const auto first = read_first(page.request(), coverage.rows.size());
  auto& view = page.view();
  view["filter"] = filter_view(page, filter, coverage.years);
  view["count_text"] =
      page.text("coverage.count", {{"count", static_cast<std::int64_t>(coverage.rows.size())}});
  web::View headings = web::View::array();
  for (const auto& column : columns) headings.push_back({{"label", column.label}});
  view["headings"] = std::move(headings);
  view["rows"] = row_views(page, coverage, columns, first);
  view["legend"] = legend(page, coverage);
  view["map"] = coverage_map(page, coverage);
  view["list_url"] = page.link(kPath);
  view["csv_url"] = page.link(std::string(kPath) + ".csv") +
                    query_without(page.request(), {"strona", "zrobione"});
  add_paging(page, first, coverage.rows.size());
  return page.render(200, "pages/panel_coverage");
}

Response csv(Page& page, const SignedIn& signed_in) {
  const auto coverage = load(page, signed_in, read_filter(page.request()));
  const auto columns = topic_columns(page, coverage);
  std::vector<std::string> headings{
      page.text("coverage.institution"),    "TERYT",
      page.text("coverage.times_heading"),  page.text("coverage.unmarked_heading"),
      page.text("coverage.cycles_heading"), page.text("coverage.registered"),
      page.text("coverage.hosted")};
  for (const auto& column : columns) headings.push_back(column.label);
  const auto file = usecases::make_csv_file(headings);
  for (const auto& row : coverage.rows) {
    std::vector<std::string> cells{row.institution.name,
                                   row.institution.teryt.value_or(""),
                                   std::to_string(row.all.times()),
                                   std::to_string(row.all.unmarked),
                                   std::to_string(row.all.cycles),
                                   std::to_string(row.all.registered),
                                   std::to_string(row.all.hosted)};
    for (const auto& column : columns) cells.push_back(std::to_string(times_in(row, column.topic)));
    file->add_row(cells);
  }
  auto done = file->finish();
  Response response;
  response.set("Content-Type", "text/csv; charset=utf-8; header=present");
  response.set("Content-Disposition",
               "attachment; filename=\"" + page.text("coverage.file_name") + ".csv\"");
  response.set("Cache-Control", "no-store");
  response.body = FileBody{std::move(done.descriptor), 0, done.size};
  return response;
}

}  // namespace

void add_panel_coverage_pages(Router& router, const Parts& parts) {
  add_private_page(router, parts, Method::get, kPath, show);
  add_private_page(router, parts, Method::get, std::string(kPath) + ".csv", csv);
}

}  // namespace narada::http::pages
