#include "service/http/pages/practice_filters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "service/http/pages/views.h"
#include "service/usecases/institutions/institutions.h"

namespace narada::http::pages {
namespace {

constexpr std::array<std::string_view, 11> kNames = {"typ",        "dzial", "temat",   "gmina",
                                                     "zwiazek",    "woj",   "rok",     "wielkosc",
                                                     "wyroznione", "q",     "porzadek"};
constexpr std::array kOrders = {domain::PracticeOrder::newest, domain::PracticeOrder::changed,
                                domain::PracticeOrder::title, domain::PracticeOrder::implemented,
                                domain::PracticeOrder::most_read};
constexpr std::size_t kLongest = 200;  // octets of a filter's value
using Options = std::vector<std::pair<std::string, std::string>>;

std::string value_of(const Request& request, std::string_view name) {
  auto value = request.query_value(name);
  return value.size() > kLongest ? std::string() : value;
}

std::optional<int> find_year(const std::string& text) {
  int year = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), year);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && year >= 1900 && year <= 2100 ? std::optional(year) : std::nullopt;
}

bool is_understood(std::string_view name, const std::string& value) {
  if (name == "typ") return domain::find_practice_type(value).has_value();
  if (name == "dzial") return domain::find_practice_area(value).has_value();
  if (name == "rok") return find_year(value).has_value();
  if (name == "wielkosc") return domain::find_municipality_size(value).has_value();
  if (name == "wyroznione") return value == "tak";
  if (name == "porzadek") return domain::find_practice_order(value).has_value();
  return !value.empty();
}

// Those that there are, and what is chosen even where it finds nothing.
template <class Label>
web::View counted_options(const Page& page, std::string_view any, const std::string& selected,
                          const std::vector<domain::FacetCount>& counts, const Label& label) {
  Options options{{"", page.text(any)}};
  bool has_selected = selected.empty();
  for (const auto& one : counts) {
    options.emplace_back(one.value, fmt::format("{} ({})", label(one), one.count));
    has_selected = has_selected || one.value == selected;
  }
  if (!has_selected)
    options.emplace_back(selected, fmt::format("{} (0)", label({selected, selected, "", 0})));
  return options_view(options, selected);
}

// Small municipalities first, as everybody counts.
std::vector<domain::FacetCount> in_order_of_size(std::vector<domain::FacetCount> counts) {
  const auto place = [](const domain::FacetCount& one) {
    return domain::find_municipality_size(one.value);
  };
  std::sort(counts.begin(), counts.end(),
            [&](const auto& left, const auto& right) { return place(left) < place(right); });
  return counts;
}

web::View order_options(const Page& page, const std::string& selected) {
  Options options;
  for (const auto order : kOrders)
    options.emplace_back(to_string(order),
                         page.text("catalogue.order_" + std::string(to_string(order))));
  return options_view(options, selected);
}

}  // namespace

usecases::CatalogueFilter read_catalogue_filter(const Request& request) {
  usecases::CatalogueFilter filter;
  filter.type = domain::find_practice_type(value_of(request, "typ"));
  filter.area = domain::find_practice_area(value_of(request, "dzial"));
  filter.topic = value_of(request, "temat");
  filter.institution = value_of(request, "gmina");
  filter.association = value_of(request, "zwiazek");
  filter.voivodeship = value_of(request, "woj");
  filter.year = find_year(value_of(request, "rok"));
  filter.size = domain::find_municipality_size(value_of(request, "wielkosc"));
  filter.featured_only = value_of(request, "wyroznione") == "tak";
  filter.q = value_of(request, "q");
  filter.order = domain::find_practice_order(value_of(request, "porzadek"))
                     .value_or(domain::PracticeOrder::newest);
  return filter;
}

bool is_narrowed(const usecases::CatalogueFilter& filter) {
  return filter.type || filter.area || !filter.topic.empty() || !filter.institution.empty() ||
         !filter.association.empty() || !filter.voivodeship.empty() || filter.year || filter.size ||
         filter.featured_only || !filter.q.empty();
}

std::string catalogue_query(const Request& request, std::string_view except) {
  std::string query;
  for (const auto name : kNames) {
    const auto value = value_of(request, name);
    if (name != except && is_understood(name, value))
      query = joined_query(query, std::string(name) + "=" + encode_component(value));
  }
  return query;
}

std::string joined_query(const std::string& query, const std::string& more) {
  return query + (query.empty() ? "?" : "&") + more;
}

web::View catalogue_filter_view(const Page& page, const usecases::PracticeFacets& facets) {
  const auto& request = page.request();
  const auto chosen = [&](std::string_view name) {
    const auto value = value_of(request, name);
    return is_understood(name, value) ? value : std::string();
  };
  const auto worded = [&](std::string_view enumeration) {
    return [&page, enumeration](const domain::FacetCount& one) {
      return word(page, enumeration, one.value);
    };
  };
  const auto own = [](const domain::FacetCount& one) { return one.value; };
  const auto named = [&](const domain::FacetCount& one) {
    return page.english() && !one.label_en.empty() ? one.label_en : one.label;
  };
  return {
      {"types", counted_options(page, "filter.any_type", chosen("typ"), facets.types,
                                worded("practice_type"))},
      {"areas", counted_options(page, "filter.any_area", chosen("dzial"), facets.areas,
                                worded("practice_area"))},
      {"topics", counted_options(page, "filter.any_topic", chosen("temat"), facets.topics, named)},
      {"associations", counted_options(page, "filter.any_association", chosen("zwiazek"),
                                       facets.associations, named)},
      {"years", counted_options(page, "catalogue.any_year", chosen("rok"), facets.years, own)},
      {"sizes", counted_options(page, "catalogue.any_size", chosen("wielkosc"),
                                in_order_of_size(facets.sizes), worded("municipality_size"))},
      {"orders", order_options(page, chosen("porzadek"))},
      {"q", value_of(request, "q")},
      {"institution", chosen("gmina")},
      {"active", !catalogue_query(request).empty()}};
}

web::View association_options(const Page& page, const std::string& selected) {
  Options values{{"", page.text("filter.any_association")}};
  for (const auto& association : list_associations(page.environment()))
    values.emplace_back(association.code, association.name);
  return options_view(values, selected);
}

}  // namespace narada::http::pages
