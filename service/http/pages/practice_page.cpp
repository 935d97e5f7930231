#include "service/http/pages/materials_views.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/results_views.h"
#include "service/http/pages/views.h"
#include "service/usecases/practices/practices.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

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
  add_practice_adoptions(page, practice.slug);
  return page.render(200, "pages/practice");
}

}  // namespace

void add_practice_page(Router& router, const Parts& parts) {
  add_adoption_pages(router, parts);
  add_page(
      router, Method::get, "/praktyki/{slug}",
      [&parts](const Request& request) { return show_practice(parts, request); }, shared_page());
}

}  // namespace narada::http::pages
