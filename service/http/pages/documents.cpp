// Publications: what everybody may open, of whatever meeting, cycle or practice.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "service/http/pages/document_views.h"
#include "service/http/pages/materials_views.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/practice_filters.h"
#include "service/http/pages/views.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/materials/public_documents.h"

namespace narada::http::pages {
namespace {

constexpr int kPageSize = 30;
constexpr std::size_t kLongest = 200;  // octets of a filter's value
using Options = std::vector<std::pair<std::string, std::string>>;

std::string path_of(const domain::PublicDocument& document) {
  constexpr std::array kRooms = {"/spotkania/", "/cykle/", "/praktyki/"};
  return kRooms[document.owner.index()] + document.owner_slug;
}

std::string facts_of(const Page& page, const domain::PublicDocument& document) {
  return document.is_link ? page.text("documents.link") : facts_text(page, document.version);
}

std::string value_of(const Request& request, std::string_view name) {
  auto value = request.query_value(name);
  return value.size() > kLongest ? std::string() : value;
}

std::optional<int> find_number(const std::string& text, int least, int most) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && number >= least && number <= most ? std::optional(number) : std::nullopt;
}

usecases::DocumentFilter read_filter(const Request& request) {
  usecases::DocumentFilter filter;
  filter.kind = domain::find_material_kind(value_of(request, "rodzaj"));
  filter.topic = value_of(request, "temat");
  filter.institution = value_of(request, "gmina");
  filter.year = find_number(value_of(request, "rok"), 1900, 2100);
  return filter;
}

std::string query_of(const usecases::DocumentFilter& filter) {
  std::string query;
  const auto add = [&](const std::string& name, const std::string& value) {
    if (!value.empty()) query = joined_query(query, name + "=" + encode_component(value));
  };
  add("rodzaj", filter.kind ? std::string(to_string(*filter.kind)) : "");
  add("temat", filter.topic);
  add("gmina", filter.institution);
  add("rok", filter.year ? std::to_string(*filter.year) : "");
  return query;
}

web::View institution_options(const Page& page, const std::string& selected) {
  Options options{{"", page.text("documents.any_institution")}};
  for (const auto& institution : all_institutions(page.environment()))
    options.emplace_back(institution.teryt.value_or(institution.slug), institution.name);
  return options_view(options, selected);
}

web::View filter_view(const Page& page, const usecases::DocumentFilter& filter,
                      const usecases::DocumentPage& found) {
  Options kinds{{"", page.text("documents.any_kind")}};
  for (const auto& one : found.kinds)
    kinds.emplace_back(one.value,
                       fmt::format("{} ({})", page.text("panel_materials.kind_" + one.value), one.count));
  Options years{{"", page.text("catalogue.any_year")}};
  for (const auto& one : found.years)
    years.emplace_back(one.value, fmt::format("{} ({})", one.value, one.count));
  return {{"kinds", options_view(kinds, filter.kind ? to_string(*filter.kind) : "")},
          {"topics", topic_options(page, filter.topic)},
          {"institutions", institution_options(page, filter.institution)},
          {"years", options_view(years, filter.year ? std::to_string(*filter.year) : "")},
          {"active", !query_of(filter).empty()}};
}

web::View pages_view(const Page& page, const std::string& query, int number, std::int64_t total) {
  const auto last = static_cast<int>((total + kPageSize - 1) / kPageSize);
  if (last <= 1) return nullptr;
  const auto url = [&](int other) {
    return page.link("/dokumenty" +
                     (other > 1 ? joined_query(query, fmt::format("strona={}", other)) : query));
  };
  web::View view = {{"text", page.text("catalogue.page_of", {{"number", std::int64_t{number}},
                                                             {"last", std::int64_t{last}}})}};
  if (number > 1) view["previous_url"] = url(std::min(number - 1, last));
  if (number < last) view["next_url"] = url(number + 1);
  return view;
}

Response list_all(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto filter = read_filter(request);
  const int number = find_number(value_of(request, "strona"), 1, 10'000).value_or(1);
  const auto found = load_document_page(page.environment(), filter, number, kPageSize);
  const auto query = query_of(filter);
  page.title(page.text("documents.title"));
  auto& view = page.view();
  view["description"] = page.text("documents.lead");
  view["documents"] = document_views(page, found.documents);
  view["count_text"] = page.text("documents.count", {{"count", found.total}});
  view["nothing_text"] = page.text(query.empty() ? "documents.none" : "documents.nothing");
  view["filter"] = filter_view(page, filter, found);
  view["pages"] = pages_view(page, query, number, found.total);
  return page.render(200, "pages/document_list");
}

}  // namespace

web::View document_views(const Page& page, const std::vector<domain::PublicDocument>& documents) {
  web::View views = web::View::array();
  for (const auto& document : documents)
    views.push_back({{"url", page.link("/materialy/" + std::to_string(document.id.value))},
                     {"title", document.title},
                     {"title_language", to_string(document.language)},
                     {"kind", page.text("panel_materials.kind_" + std::string(to_string(document.kind)))},
                     {"facts", facts_of(page, document)},
                     {"year", document.year ? std::to_string(*document.year) : ""},
                     {"authors", document.authors},
                     {"owner", document.owner_title},
                     {"owner_url", page.link(path_of(document))}});
  return views;
}

void add_document_pages(Router& router, const Parts& parts) {
  add_page(
      router, Method::get, "/dokumenty",
      [&parts](const Request& request) { return list_all(parts, request); }, shared_page());
}

}  // namespace narada::http::pages
