#include "service/usecases/search/search.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"

namespace narada::http::pages {
namespace {

constexpr int kPageSize = 20;
constexpr int kMostPages = 200;
constexpr int kSuggestions = 6;
constexpr std::size_t kMostChoices = 30;
constexpr std::size_t kLongestChoice = 40;

struct FacetWords {
  std::string_view parameter;
  std::string_view legend;       // key of its heading
  std::string_view enumeration;  // whose words its values have; empty: names or the value itself
};
constexpr std::array<FacetWords, usecases::kSearchFacetCount> kFacets{{
    {"rodzaj", "search.facet_kind", "search_kind"},
    {"typ", "practice.type", "practice_type"},
    {"dzial", "practice.area", "practice_area"},
    {"temat", "filter.topic", ""},
    {"gmina", "search.facet_institution", ""},
    {"rok", "catalogue.year", ""},
    {"wielkosc", "catalogue.size", "municipality_size"},
}};

struct Asked {
  std::string q;
  usecases::SearchChoice chosen;
  int page = 1;
  bool is_narrowed = false;
};

int page_number(const Request& request) {
  const auto text = request.query_value("strona");
  if (text.empty() || text.size() > 4 || text.find_first_not_of("0123456789") != std::string::npos)
    return 1;
  return std::clamp(std::stoi(text), 1, kMostPages);
}

Asked read_asked(const Request& request) {
  Asked asked;
  asked.q = request.query_value("q");
  if (usecases::is_too_long_to_search(asked.q)) asked.q.clear();
  asked.page = page_number(request);
  std::size_t choices = 0;
  for (const auto& [name, value] : request.query) {
    if (value.empty() || value.size() > kLongestChoice || choices == kMostChoices) continue;
    for (std::size_t facet = 0; facet < usecases::kSearchFacetCount; ++facet) {
      if (name != kFacets[facet].parameter) continue;
      asked.chosen[facet].push_back(value);
      asked.is_narrowed = true;
      ++choices;
    }
  }
  return asked;
}

std::string url_of(const Page& page, const Asked& asked, const std::string& q, int number,
                   bool narrowed) {
  std::string url = "/szukaj?q=" + encode_component(q);
  for (std::size_t facet = 0; narrowed && facet < usecases::kSearchFacetCount; ++facet) {
    for (const auto& value : asked.chosen[facet])
      url += "&" + std::string(kFacets[facet].parameter) + "=" + encode_component(value);
  }
  if (number > 1) url += "&strona=" + std::to_string(number);
  return page.link(url);
}

web::View pieces_view(const usecases::Excerpt& excerpt) {
  auto pieces = web::View::array();
  for (const auto& piece : excerpt)
    pieces.push_back({{"text", piece.text}, {"marked", piece.matched}, {"plain", !piece.matched}});
  return pieces;
}

web::View result_view(const Page& page, const usecases::SearchResult& result) {
  return {{"kind", word(page, "search_kind", to_string(result.kind))},
          {"title", pieces_view(result.marked_title)},
          {"url", page.link(result.path)},
          {"of", result.of},
          {"excerpt", pieces_view(result.excerpt)},
          {"has_excerpt", !result.excerpt.empty()}};
}

std::string label_of(const Page& page, const FacetWords& facet, const usecases::FacetValue& value) {
  if (!facet.enumeration.empty()) return word(page, facet.enumeration, value.value);
  if (page.english() && !value.name_en.empty()) return value.name_en;
  return value.name.empty() ? value.value : value.name;
}

web::View facets_view(const Page& page, const usecases::SearchAnswer& answer) {
  auto groups = web::View::array();
  for (std::size_t facet = 0; facet < usecases::kSearchFacetCount; ++facet) {
    auto values = web::View::array();
    for (const auto& value : answer.facets[facet]) {
      values.push_back({{"id", std::string(kFacets[facet].parameter) + "-" + value.value},
                        {"value", value.value},
                        {"label", label_of(page, kFacets[facet], value)},
                        {"count", std::to_string(value.count)},
                        {"checked", value.chosen}});
    }
    if (values.empty()) continue;
    const bool open = std::any_of(answer.facets[facet].begin(), answer.facets[facet].end(),
                                  [](const usecases::FacetValue& value) { return value.chosen; });
    for (auto& value : values) value["name"] = kFacets[facet].parameter;
    groups.push_back({{"legend", page.text(kFacets[facet].legend)},
                      {"open", open || facet == 0},
                      {"values", std::move(values)}});
  }
  return groups;
}

web::View suggestions_view(const Page& page, const std::string& q) {
  auto view = web::View::array();
  for (const auto& suggestion : usecases::suggest(page.environment(), q, kSuggestions))
    view.push_back({{"title", suggestion.title},
                    {"kind", word(page, "search_kind", to_string(suggestion.kind))},
                    {"url", page.link(suggestion.path)}});
  return view;
}

void add_pages_links(Page& page, const Asked& asked, const usecases::SearchAnswer& answer) {
  if (asked.page == 1 && !answer.has_more) return;
  const int last = std::max(1, (answer.total + kPageSize - 1) / kPageSize);
  web::View view = {{"text", page.text("catalogue.page_of", {{"number", std::int64_t{asked.page}},
                                                             {"last", std::int64_t{last}}})}};
  if (asked.page > 1)
    view["previous_url"] = url_of(page, asked, asked.q, std::min(asked.page - 1, last), true);
  if (answer.has_more && asked.page < kMostPages)
    view["next_url"] = url_of(page, asked, asked.q, asked.page + 1, true);
  page.view()["pages"] = std::move(view);
}

void add_results(Page& page, const Asked& asked) {
  usecases::SearchRequest request;
  request.q = asked.q;
  request.chosen = asked.chosen;
  request.limit = kPageSize;
  request.offset = (asked.page - 1) * kPageSize;
  const auto answer = usecases::search(page.environment(), request);
  auto& view = page.view();
  auto results = web::View::array();
  for (const auto& result : answer.results) results.push_back(result_view(page, result));
  view["results"] = std::move(results);
  view["count_text"] = page.text("search.count", {{"count", std::int64_t{answer.total}}});
  view["nothing"] = answer.total == 0;
  view["facets"] = facets_view(page, answer);
  if (!answer.corrected.empty())
    view["corrected"] = {{"text", answer.corrected},
                         {"url", url_of(page, asked, answer.corrected, 1, true)}};
  if (asked.is_narrowed) view["all_url"] = url_of(page, asked, asked.q, 1, false);
  constexpr int kFew = 3;
  if (answer.total < kFew && !asked.is_narrowed)
    view["suggestions"] = suggestions_view(page, asked.q);
  add_pages_links(page, asked, answer);
}

bool asks_something(const std::string& q) {
  return q.find_first_not_of(" \t") != std::string::npos;
}

Response show_search(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto asked = read_asked(request);
  page.title(asked.q.empty() ? page.text("search.title")
                             : page.text("search.title_of", {{"q", asked.q}}));
  page.view()["q"] = asked.q;
  page.view()["suggestions_url"] = page.link("/szukaj/podpowiedzi");
  page.view()["asked"] = asks_something(asked.q);
  page.view()["not_asked"] = !asks_something(asked.q);
  if (asks_something(asked.q)) add_results(page, asked);
  return page.render(200, "pages/search");
}

Response show_suggestions(const Parts& parts, const Request& request) {
  const Page page(parts, request);
  const auto q = read_asked(request).q;
  auto items = web::View::array();
  if (asks_something(q)) items = suggestions_view(page, q);
  Response response;
  response.status = 200;
  response.set("Content-Type", "application/json");
  response.body = web::View({{"items", std::move(items)}}).dump();
  return response;
}

}  // namespace

void add_search_page(Router& router, const Parts& parts) {
  add_page(
      router, Method::get, "/szukaj",
      [&parts](const Request& request) { return show_search(parts, request); }, shared_page());
  add_page(
      router, Method::get, "/szukaj/podpowiedzi",
      [&parts](const Request& request) { return show_suggestions(parts, request); }, shared_page());
}

}  // namespace narada::http::pages
