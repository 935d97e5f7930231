#include "service/usecases/practices/practices.h"

#include <array>

#include "service/http/pages/materials_views.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"
#include "web/dates.h"

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

// 9881414.42 → "9 881 414,42 zł", with no-break spaces.
std::string money(const Page& page, const std::string& decimal) {
  const auto dot = decimal.find('.');
  std::string whole = decimal.substr(0, dot);
  for (auto at = static_cast<std::ptrdiff_t>(whole.size()) - 3; at > 0; at -= 3)
    whole.insert(static_cast<std::size_t>(at), "\u00a0");
  const std::string rest = dot == std::string::npos ? "00" : decimal.substr(dot + 1);
  return whole + (page.english() ? "." : ",") + rest + "\u00a0zł";
}

std::string implementation(const Page& page, const domain::Practice& practice) {
  if (!practice.implementation_year) return {};
  if (!practice.implementation_month) return std::to_string(*practice.implementation_year);
  const domain::Date first = std::chrono::year(*practice.implementation_year) /
                             std::chrono::month(*practice.implementation_month) / 1;
  return web::month_year(page.language(), domain::WallTime(std::chrono::local_days(first)));
}

// [{label, text}] of what is known.
web::View facts_view(const Page& page, const domain::Practice& practice) {
  web::View facts = web::View::array();
  const auto add = [&](std::string_view label, const std::string& text) {
    if (!text.empty()) facts.push_back({{"label", page.text(label)}, {"text", text}});
  };
  if (practice.type)
    add("practice.type",
        word(page, "practice_type", to_string(*practice.type)) +
            (practice.type_from_source ? "" : " (" + page.text("practice.type_assigned") + ")"));
  if (practice.area) add("practice.area", word(page, "practice_area", to_string(*practice.area)));
  if (practice.topic) add("practice.topic", topic_name(page, *practice.topic));
  if (practice.origin)
    add("practice.origin", word(page, "practice_origin", to_string(*practice.origin)));
  if (practice.state)
    add("practice.state", word(page, "practice_state", to_string(*practice.state)));
  add("practice.implemented", implementation(page, practice));
  if (practice.budget_pln) add("practice.budget", money(page, *practice.budget_pln));
  add("practice.contact", practice.contact);
  add("practice.financing", practice.financing);
  if (practice.verified_on)
    add("practice.verified",
        web::day_date(page.language(),
                      domain::WallTime(std::chrono::local_days(*practice.verified_on))));
  return facts;
}

web::View sections_view(const Page& page, const domain::Practice& practice) {
  web::View sections = web::View::array();
  const auto add = [&](std::string_view label, const std::string& text) {
    if (!text.empty()) sections.push_back({{"heading", page.text(label)}, {"text", text}});
  };
  add("practice.situation_before", practice.situation_before);
  add("practice.aim", practice.aim);
  add("practice.description", practice.description);
  add("practice.results", practice.results);
  add("practice.lessons", practice.lessons);
  return sections;
}

web::View presentations_view(const Page& page, const domain::Practice& practice) {
  web::View meetings = web::View::array();
  for (const auto& meeting : practice.presented_at)
    meetings.push_back({{"name", meeting.title}, {"url", page.link("/spotkania/" + meeting.slug)}});
  return meetings;
}

Response show_practice(const Parts& parts, const Request& request) {
  Page page(parts, request, Section::practices);
  const auto practice =
      value_or_throw(find_practice(page.environment(), visitor(), request.params.at("slug")));
  if (practice.slug != request.params.at("slug"))
    return redirect(301, page.link("/praktyki/" + practice.slug));
  page.title(practice.title);
  page.crumb(page.text("nav.practices"), "/praktyki");
  auto& view = page.view();
  view["description"] = practice.lead;
  view["practice"] = practice_view(page, practice);
  view["practice"]["caveat"] = practice.caveat;
  view["practice"]["source_url"] = practice.source_url;
  view["practice"]["legacy_url"] = practice.legacy_url;
  view["facts"] = facts_view(page, practice);
  view["sections"] = sections_view(page, practice);
  view["presented_at"] = presentations_view(page, practice);
  add_material_summary(page, practice.id, "/praktyki/" + practice.slug);
  return page.render(200, "pages/practice");
}

}  // namespace

void add_practice_pages(Router& router, const Parts& parts) {
  add_page(
      router, Method::get, "/praktyki",
      [&parts](const Request& request) { return list_all(parts, request); }, shared_page());
  add_page(
      router, Method::get, "/praktyki/{slug}",
      [&parts](const Request& request) { return show_practice(parts, request); }, shared_page());
}

}  // namespace narada::http::pages
