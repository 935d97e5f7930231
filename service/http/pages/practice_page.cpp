#include "service/http/pages/catalogue_data.h"
#include "service/http/pages/materials_views.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/results_views.h"
#include "service/http/pages/views.h"
#include "service/usecases/practices/practice_catalogue.h"
#include "service/usecases/practices/practice_life.h"
#include "service/usecases/practices/practices.h"
#include "web/dates.h"
#include "web/markdown.h"

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

std::string year_and_month(const Page& page, const std::optional<int>& year,
                           const std::optional<unsigned>& month) {
  if (!year) return {};
  if (!month) return std::to_string(*year);
  const domain::Date first = std::chrono::year(*year) / std::chrono::month(*month) / 1;
  return web::month_year(page.language(), domain::WallTime(std::chrono::local_days(first)));
}

std::string verification(const Page& page, const domain::Practice& practice) {
  if (!practice.verified_on) return {};
  const auto when = web::day_date(page.language(),
                                  domain::WallTime(std::chrono::local_days(*practice.verified_on)));
  if (practice.verified_by.empty()) return when;
  return page.text("practice.verified_by", {{"when", when}, {"who", practice.verified_by}});
}

std::string type_text(const Page& page, const domain::Practice& practice) {
  if (!practice.type) return {};
  return word(page, "practice_type", to_string(*practice.type)) +
         (practice.type_from_source ? "" : " (" + page.text("practice.type_assigned") + ")");
}

template <class Enum>
std::string word_or_none(const Page& page, std::string_view group, const std::optional<Enum>& one) {
  return one ? word(page, group, to_string(*one)) : std::string();
}

// [{label, text, unknown}]: what is not known is said to be so.
web::View facts_view(const Page& page, const domain::Practice& practice) {
  web::View facts = web::View::array();
  const auto add = [&](std::string_view label, const std::string& text) {
    facts.push_back({{"label", page.text(label)},
                     {"text", text.empty() ? page.text("results.no_data") : text},
                     {"unknown", text.empty()}});
  };
  const bool procedural = practice.type == domain::PracticeType::procedural;
  add("practice.type", type_text(page, practice));
  add("practice.area", word_or_none(page, "practice_area", practice.area));
  add("practice.topic", practice.topic ? topic_name(page, *practice.topic) : "");
  add("practice.origin", word_or_none(page, "practice_origin", practice.origin));
  add("practice.state", word_or_none(page, "practice_state", practice.state));
  add("practice.implemented",
      year_and_month(page, practice.implementation_year, practice.implementation_month));
  if (!procedural && (practice.ended_year || practice.state == domain::PracticeState::completed))
    add("practice.ended", year_and_month(page, practice.ended_year, practice.ended_month));
  if (!procedural)
    add("practice.budget", practice.budget_pln ? money(page, *practice.budget_pln) : "");
  add("practice.verified", verification(page, practice));
  return facts;
}

struct Words {
  domain::PracticeText text;
  std::string language;  // of `text`
};
// The edition in the reader's language, else the Polish one.
Words words_of(const Page& page, const domain::Practice& practice) {
  if (page.english() && practice.english) return {*practice.english, "en"};
  return {{practice.title, practice.lead, practice.situation_before, practice.aim,
           practice.description, practice.results, practice.lessons},
          "pl"};
}

web::View sections_view(const Page& page, const Words& words) {
  web::View sections = web::View::array();
  const auto add = [&](std::string_view label, const std::string& text) {
    sections.push_back({{"heading", page.text(label)},
                        {"known", !text.empty()},
                        {"text", web::markdown_html(text, 3)},
                        {"language", words.language}});
  };
  add("practice.situation_before", words.text.situation_before);
  add("practice.aim", words.text.aim);
  add("practice.description", words.text.description);
  add("practice.results", words.text.results);
  add("practice.lessons", words.text.lessons);
  return sections;
}

// Person, e-mail and phone are there only with consent: find_practice leaves them out otherwise.
web::View contact_view(const domain::Practice& practice) {
  const auto& contact = practice.contact_person;
  web::View view = {{"unit", contact.unit},
                    {"person", contact.person},
                    {"email", contact.email},
                    {"email_url", contact.email.empty() ? "" : "mailto:" + contact.email},
                    {"phone", contact.phone},
                    {"as_published", practice.contact}};
  view["known"] = !contact.unit.empty() || !contact.person.empty() || !contact.email.empty() ||
                  !contact.phone.empty() || !practice.contact.empty();
  return view;
}

web::View financing_view(const domain::Practice& practice) {
  web::View programmes = web::View::array();
  for (const auto& programme : practice.financed_by)
    programmes.push_back({{"programme", programme.programme}});
  if (!practice.financing.empty()) programmes.push_back({{"programme", practice.financing}});
  return programmes;
}

web::View presentations_view(const Page& page, const domain::Practice& practice) {
  web::View meetings = web::View::array();
  for (const auto& meeting : practice.presented_at)
    meetings.push_back({{"name", meeting.title}, {"url", page.link("/spotkania/" + meeting.slug)}});
  return meetings;
}

web::View related_views(const Page& page, const domain::Practice& practice) {
  web::View views = web::View::array();
  for (const auto& one : related_practices(page.environment(), practice))
    views.push_back(practice_view(page, one));
  return views;
}

// What was published once and is no longer: its address says so, for machines as well (RFC 9110).
Response show_archived(Page& page, const domain::PracticeRef& practice) {
  page.title(page.text("practice.archived_title"));
  page.crumb(page.text("nav.practices"), "/praktyki");
  page.view()["practice_title"] = practice.title;
  page.view()["list_url"] = page.link("/praktyki");
  return page.render(410, "pages/practice_archived");
}

Response show_practice(const Parts& parts, const Request& request) {
  Page page(parts, request, Section::practices);
  const auto& key = request.params.at("slug");
  auto found = find_practice(page.environment(), visitor(), key);
  if (!found)
    if (const auto archived = find_archived_practice(page.environment(), key))
      return show_archived(page, *archived);
  const auto practice = value_or_throw(std::move(found));
  if (practice.slug != request.params.at("slug"))
    return redirect(301, page.link("/praktyki/" + practice.slug));
  const auto words = words_of(page, practice);
  page.title(words.text.title);
  page.crumb(page.text("nav.practices"), "/praktyki");
  auto& view = page.view();
  view["description"] = words.text.lead;
  view["practice"] = practice_view(page, practice);
  view["practice"]["title"] = words.text.title;
  view["practice"]["lead"] = words.text.lead;
  view["practice"]["language"] = words.language;
  view["practice"]["institution_text"] =
      practice.institutions.empty() && practice.institution_text.empty()
          ? page.text("results.no_data")
          : view["practice"]["institution_text"].get<std::string>();
  view["only_polish"] = page.english() && !practice.english;
  view["practice"]["caveat"] = practice.caveat;
  view["practice"]["source_url"] = practice.source_url;
  view["practice"]["legacy_url"] = practice.legacy_url;
  view["facts"] = facts_view(page, practice);
  view["sections"] = sections_view(page, words);
  view["contact"] = contact_view(practice);
  view["financed_by"] = financing_view(practice);
  view["presented_at"] = presentations_view(page, practice);
  add_material_summary(page, practice.id, "/praktyki/" + practice.slug);
  add_practice_adoptions(page, practice.slug);
  view["related"] = related_views(page, practice);
  view["json_ld"] = practice_json_ld(page, practice);
  add_breadcrumbs(page);
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
