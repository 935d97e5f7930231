#pragma once

#include <string>
#include <string_view>

#include "service/http/pages/page.h"
#include "service/usecases/practices/practice_catalogue.h"

namespace narada::http::pages {

// The filters of the lists, the map, the feed and the widget of practices, as they stand in the
// URL: typ, dzial, temat, gmina, zwiazek, woj, rok, wielkosc, wyroznione, q, porzadek. A value that
// fits nothing is left out, as if it were not there.
usecases::CatalogueFilter read_catalogue_filter(const Request& request);
bool is_narrowed(const usecases::CatalogueFilter& filter);

// The same as a query, "?typ=…" or empty, without the parameter `except`; so links keep filters and
// make no addresses of what means nothing.
std::string catalogue_query(const Request& request, std::string_view except = {});
// "?a=b" and "c=d" → "?a=b&c=d"
std::string joined_query(const std::string& query, const std::string& more);

// {types, areas, topics, associations, years, sizes, orders, q, institution, active} for the filter
// form; each choice with how many it would give.
web::View catalogue_filter_view(const Page& page, const usecases::PracticeFacets& facets);

// Associations by their codes for a <select>, `any` first.
web::View association_options(const Page& page, const std::string& selected);

}  // namespace narada::http::pages
