#include "service/usecases/practices/practices.h"

#include <array>

#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"

namespace narada::http::pages {
namespace {

constexpr int kPageSize = 30;
constexpr std::array kTypes = {domain::PracticeType::procedural,
                               domain::PracticeType::investment,
                               domain::PracticeType::it,
                               domain::PracticeType::social,
                               domain::PracticeType::organizational,
                               domain::PracticeType::promotional,
                               domain::PracticeType::project};
constexpr std::array kAreas = {domain::PracticeArea::social_services,
                               domain::PracticeArea::technical_services,
                               domain::PracticeArea::institutional_development,
                               domain::PracticeArea::energy_efficiency,
                               domain::PracticeArea::ngo_cooperation,
                               domain::PracticeArea::intermunicipal_cooperation,
                               domain::PracticeArea::social_dialogue};

template <class Values>
web::View choices(const Page& page, const Values& values, std::string_view enumeration,
                  std::string_view any, const std::string& selected) {
  std::vector<std::pair<std::string, std::string>> options{{"", page.text(any)}};
  for (const auto value : values)
    options.emplace_back(to_string(value), word(page, enumeration, to_string(value)));
  return options_view(options, selected);
}

Response list_all(const Parts& parts, const Request& request) {
  Page page(parts, request, Section::practices);
  usecases::PracticeFilter filter;
  filter.type = domain::find_practice_type(request.query_value("typ"));
  filter.area = domain::find_practice_area(request.query_value("dzial"));
  filter.topic = request.query_value("temat");
  filter.institution = request.query_value("gmina");
  filter.q = request.query_value("q");
  const auto found =
      list_practices(page.environment(), visitor(), filter, {kPageSize, request.find_query("od")});
  page.title(page.text("practices.title"));
  auto& view = page.view();
  web::View practices = web::View::array();
  for (const auto& practice : found.items) practices.push_back(practice_view(page, practice));
  view["practices"] = std::move(practices);
  const bool filtered = filter.type || filter.area || !filter.topic.empty() ||
                        !filter.institution.empty() || !filter.q.empty();
  view["nothing_text"] = page.text(filtered ? "practices.nothing" : "practices.none");
  view["filter"] = {{"types", choices(page, kTypes, "practice_type", "filter.any_type",
                                      request.query_value("typ"))},
                    {"areas", choices(page, kAreas, "practice_area", "filter.any_area",
                                      request.query_value("dzial"))},
                    {"topics", topic_options(page, filter.topic)},
                    {"q", filter.q}};
  if (found.next) {
    std::string query = "?od=" + encode_component(*found.next);
    for (const auto name : {"typ", "dzial", "temat", "gmina", "q"})
      if (const auto value = request.query_value(name); !value.empty())
        query += "&" + std::string(name) + "=" + encode_component(value);
    view["more_url"] = page.link("/praktyki" + query);
  }
  return page.render(200, "pages/practice_list");
}

}  // namespace

void add_practice_pages(Router& router, const Parts& parts) {
  add_page(
      router, Method::get, "/praktyki",
      [&parts](const Request& request) { return list_all(parts, request); }, shared_page());
  add_practice_page(router, parts);
}

}  // namespace narada::http::pages
