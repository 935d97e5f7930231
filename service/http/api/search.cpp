#include "service/usecases/search/search.h"

#include <array>
#include <nlohmann/json.hpp>

#include "service/http/api/endpoint.h"
#include "service/http/api/query_reader.h"
#include "service/http/api/routes.h"
#include "service/http/api/views.h"
#include "service/usecases/list_cursor.h"
#include "service/usecases/list_names.h"

namespace narada::http::api {
namespace {

using web::View;

constexpr std::array<std::string_view, usecases::kSearchFacetCount> kFacetNames{
    "kind", "type", "area", "topic", "institution", "year", "size"};

View pieces_view(const usecases::Excerpt& excerpt) {
  View pieces = View::array();
  for (const auto& piece : excerpt)
    pieces.push_back({{"text", piece.text}, {"matched", piece.matched}});
  return pieces;
}

View item_view(const Context& context, const usecases::SearchResult& result) {
  const bool has_slug = !result.slug.empty();
  View item = {{"kind", to_string(result.kind)},
               {"id", result.id},
               {"slug", has_slug ? result.slug : std::to_string(result.id)},
               {"title", result.title},
               {"summary", result.lead},
               {"url", context.url(result.path, "")},
               {"marked_title", pieces_view(result.marked_title)},
               {"excerpt", pieces_view(result.excerpt)}};
  if (result.times) {
    item["starts_at"] = start_view(*result.times);
    item["tzid"] = result.times->tzid;
  }
  if (result.kind == domain::SearchKind::institution)
    item["teryt"] = result.teryt.empty() ? View() : View(result.teryt);
  return item;
}

View facets_view(const usecases::SearchAnswer& answer) {
  View facets = View::object();
  for (std::size_t facet = 0; facet < usecases::kSearchFacetCount; ++facet) {
    View values = View::array();
    for (const auto& value : answer.facets[facet])
      values.push_back({{"value", value.value}, {"name", value.name}, {"count", value.count}});
    facets[std::string(kFacetNames[facet])] = std::move(values);
  }
  return facets;
}

// A cursor is the place in the order of relevance after which the list goes on.
std::optional<int> find_offset(const std::optional<std::string>& cursor) {
  if (!cursor) return 0;
  const auto found = usecases::find_cursor(cursor, usecases::kSearchList);
  if (!found || found->id < 0 || found->id > usecases::kMostSearchOffset) return std::nullopt;
  return static_cast<int>(found->id);
}

Response search(const Context& context) {
  QueryReader query(context.request());
  usecases::SearchRequest request;
  request.q = query.text("q");
  if (const auto kind = query.name("kind", domain::find_search_kind))
    request.chosen[0] = {std::string(to_string(*kind))};
  for (std::size_t facet = 1; facet < usecases::kSearchFacetCount; ++facet) {
    if (auto value = query.text(kFacetNames[facet]); !value.empty())
      request.chosen[facet] = {std::move(value)};
  }
  const auto page = query.page_with_own_cursor();
  if (request.q.find_first_not_of(" \t") == std::string::npos) query.refuse("q", "required");
  if (usecases::is_too_long_to_search(request.q))
    query.refuse("q", "too_long", {{"max", std::to_string(usecases::kMostSearchedCharacters)}});
  const auto offset = find_offset(page.cursor);
  if (!offset) query.refuse("cursor", "invalid_cursor");
  query.check();
  request.limit = page.limit;
  request.offset = *offset;
  const auto found = usecases::search(context.environment(), request);
  View items = View::array();
  for (const auto& result : found.results) items.push_back(item_view(context, result));
  const int next = request.offset + request.limit;
  View more;
  if (found.has_more && next <= usecases::kMostSearchOffset)
    more = to_text(usecases::ListCursor{std::string(usecases::kSearchList), "", next});
  return answer(200, {{"items", std::move(items)},
                      {"next", std::move(more)},
                      {"total", found.total},
                      {"facets", facets_view(found)},
                      {"did_you_mean", found.corrected.empty() ? View() : View(found.corrected)}});
}

}  // namespace

void add_search_routes(Router& router, const usecases::Environment& environment) {
  add_public_read(router, environment, "/api/v1/search", search);
}

}  // namespace narada::http::api
