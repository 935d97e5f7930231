#include <algorithm>

#include "service/http/pages/atom.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/practice_filters.h"
#include "service/http/pages/views.h"

namespace narada::http::pages {
namespace {

constexpr int kPageSize = 30;
constexpr int kFeatured = 3;
constexpr int kAtomEntries = 50;
constexpr int kMostPages = 10'000;

int page_number(const Request& request) {
  const auto text = request.query_value("strona");
  if (text.empty() || text.size() > 5 || text.find_first_not_of("0123456789") != std::string::npos)
    return 1;
  return std::clamp(std::stoi(text), 1, kMostPages);
}

std::string url_of_page(const Page& page, int number) {
  auto query = catalogue_query(page.request());
  if (number > 1) query = joined_query(query, "strona=" + std::to_string(number));
  return page.link("/praktyki" + query);
}

// {text, previous_url, next_url} where there is more than one page.
web::View pages_view(const Page& page, int number, std::int64_t total) {
  const auto last = static_cast<int>((total + kPageSize - 1) / kPageSize);
  if (last <= 1) return nullptr;
  web::View view = {{"text", page.text("catalogue.page_of", {{"number", std::int64_t{number}},
                                                             {"last", std::int64_t{last}}})}};
  if (number > 1) view["previous_url"] = url_of_page(page, std::min(number - 1, last));
  if (number < last) view["next_url"] = url_of_page(page, number + 1);
  return view;
}

void add_links(Page& page) {
  const auto query = catalogue_query(page.request());
  page.view()["map_url"] = page.link("/praktyki/mapa" + query);
  page.view()["atom_url"] = page.link("/praktyki.atom" + query);
  page.view()["widget_url"] = page.absolute(page.link("/widzet/praktyki" + query));
  page.view()["feeds"] = {
      {{"url", page.view()["atom_url"]}, {"title", page.text("catalogue.feed")}}};
}

Response list_all(const Parts& parts, const Request& request) {
  Page page(parts, request, Section::practices);
  const auto filter = read_catalogue_filter(request);
  const int number = page_number(request);
  const auto found = load_catalogue_page(page.environment(), filter, number, kPageSize);
  page.title(page.text("practices.title"));
  auto& view = page.view();
  view["description"] = page.text("practices.lead");
  view["practices"] = practice_views(page, found.practices);
  view["count_text"] = page.text("catalogue.count", {{"count", found.total}});
  const bool narrowed = is_narrowed(filter);
  view["nothing_text"] = page.text(narrowed ? "practices.nothing" : "practices.none");
  view["filter"] = catalogue_filter_view(page, found.facets);
  view["pages"] = pages_view(page, number, found.total);
  if (!narrowed && number == 1) {
    usecases::CatalogueFilter featured;
    featured.featured_only = true;
    view["featured"] =
        practice_views(page, list_catalogue(page.environment(), featured, kFeatured));
  }
  add_links(page);
  return page.render(200, "pages/practice_list");
}

Response show_atom(const Parts& parts, const Request& request) {
  const Page page(parts, request);
  auto filter = read_catalogue_filter(request);
  filter.order = domain::PracticeOrder::changed;
  std::vector<AtomEntry> entries;
  for (const auto& practice : list_catalogue(page.environment(), filter, kAtomEntries))
    entries.push_back(entry_of(page, practice));
  const auto query = catalogue_query(request, "porzadek");
  return atom_response(write_atom(page, page.text("catalogue.feed"),
                                  page.absolute(page.link("/praktyki.atom" + query)),
                                  page.absolute(page.link("/praktyki" + query)), entries));
}

}  // namespace

void add_practice_pages(Router& router, const Parts& parts) {
  add_page(
      router, Method::get, "/praktyki",
      [&parts](const Request& request) { return list_all(parts, request); }, shared_page());
  add_page(
      router, Method::get, "/praktyki.atom",
      [&parts](const Request& request) { return show_atom(parts, request); }, shared_page());
  add_practice_page(router, parts);
  add_place_map_pages(router, parts);
  add_widget_pages(router, parts);
}

}  // namespace narada::http::pages
