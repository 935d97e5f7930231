#include "calendar/zone.h"
#include "service/http/pages/account/privacy_views.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"
#include "service/usecases/institutions/institutions.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"
#include "service/usecases/practices/practices.h"
#include "service/usecases/registrations/registrations.h"
#include "web/dates.h"

namespace narada::http::pages {
namespace {

struct PlainPage {
  const char* path;
  const char* name;  // of the template and, before ".title", of its message
};
constexpr PlainPage kPages[] = {
    {"/deklaracja-dostepnosci", "accessibility"},
    {"/regulamin", "terms"},
    {"/kontakt", "contact"},
    {"/pomoc", "help"},
};

// The declaration of accessibility names days of this edition of the pages: the first publication,
// the last change that matters to readers, the declaration itself. Its yearly review is due by
// 31 March.
using std::chrono::November;
constexpr domain::Date kPublished = November / 22 / 2026;
constexpr domain::Date kUpdated = November / 22 / 2026;
constexpr domain::Date kDeclared = November / 22 / 2026;
constexpr domain::Date kTermsValidFrom = November / 22 / 2026;

constexpr int kMostInSitemap = 200;

constexpr std::size_t kLongestLead = 60;

// {lead, text}: a short first sentence says what the paragraph is about.
web::View paragraph(const std::string& text) {
  const auto end = text.find(". ");
  if (end == std::string::npos || end >= kLongestLead) return {{"lead", ""}, {"text", text}};
  return {{"lead", text.substr(0, end + 1)}, {"text", text.substr(end + 2)}};
}

// Paragraphs of a text in which an empty line ends one.
web::View paragraphs(const std::string& text) {
  web::View all = web::View::array();
  for (std::size_t start = 0; start < text.size();) {
    auto end = text.find("\n\n", start);
    if (end == std::string::npos) end = text.size();
    if (end > start) all.push_back(paragraph(text.substr(start, end - start)));
    start = end + 2;
  }
  return all;
}

// What is kept, how long and why, as the installation is configured.
web::View retention_views(const Page& page) {
  web::View views = web::View::array();
  for (const auto field : domain::kRetainedFields) {
    const std::string name(to_string(field));
    views.push_back({{"what", retained_text(page, field)},
                     {"period", period_text(page, page.environment().retention.kept(field))},
                     {"from", page.text("retained_from." + name)},
                     {"why", page.text("retained_why." + name)}});
  }
  return views;
}

web::View operator_view(const Page& page) {
  const auto& run_by = page.run_by();
  const auto& environment = page.environment();
  return {{"name", run_by.name.empty() ? environment.mail_from_name : run_by.name},
          {"address", run_by.address},
          {"email", run_by.email.empty() ? environment.mail_from : run_by.email},
          {"phone", run_by.phone}};
}

std::string valid_from(const Page& page, const usecases::InformationClause& clause) {
  return web::day_date(page.language(),
                       calendar::to_wall_time(clause.valid_from, domain::kDefaultZone));
}

std::optional<int> version_asked(const Request& request) {
  const auto in_path = request.params.find("version");
  const auto asked = in_path == request.params.end() ? request.find_query("wersja")
                                                     : std::optional(in_path->second);
  if (!asked) return std::nullopt;
  if (asked->empty() || asked->size() > 6 ||
      asked->find_first_not_of("0123456789") != std::string::npos)
    throw Error(404);
  return std::stoi(*asked);
}

Response show_privacy(const Parts& parts, const Request& request) {
  Page page(parts, request);
  page.title(page.text("privacy.title"));
  const auto& environment = page.environment();
  const auto newest = usecases::find_information_clause(environment);
  const auto asked = version_asked(request);
  const auto clause = asked ? usecases::find_information_clause(environment, asked) : newest;
  if (!clause || !newest) throw Error(404);
  auto& view = page.view();
  view["older"] = clause->version != newest->version;
  view["retention"] = retention_views(page);
  view["operator"] = operator_view(page);
  view["paragraphs"] = paragraphs(page.english() ? clause->text_en : clause->text_pl);
  view["version"] = page.text("privacy.version", {{"version", std::int64_t{clause->version}},
                                                  {"date", valid_from(page, *clause)}});
  view["others"] = web::View::array();
  for (int version = newest->version - 1; version > 0; --version) {
    const auto earlier = usecases::find_information_clause(environment, version);
    if (!earlier) continue;
    view["others"].push_back(
        {{"url", page.link("/prywatnosc/" + std::to_string(version))},
         {"label", page.text("privacy.version_link", {{"version", std::int64_t{version}},
                                                      {"date", valid_from(page, *earlier)}})}});
  }
  return page.render(200, "pages/privacy");
}

// Where those come who have erased their data; it says nothing about anybody.
Response show_erased(const Parts& parts, const Request& request) {
  Page page(parts, request);
  page.title(page.text("erasure.done"));
  return page.render(200, "pages/erased");
}

// "made" in words and "made_date" for <time datetime>.
void show_date(Page& page, const std::string& name, domain::Date date) {
  const domain::WallTime at{std::chrono::local_days(date)};
  page.view()[name] = web::day_date(page.language(), at);
  page.view()[name + "_date"] = web::iso_date(at);
}

Response show_plain(const Parts& parts, const Request& request, const std::string& name) {
  Page page(parts, request);
  page.title(page.text(name + ".title"));
  const auto run_by = operator_view(page);
  page.view()["contact_email"] = run_by["email"];
  page.view()["operator"] = run_by["name"];
  page.view()["operator_address"] = run_by["address"];
  page.view()["operator_phone"] = run_by["phone"];
  page.view()["base_url"] = page.environment().base_url;
  show_date(page, "published", kPublished);
  show_date(page, "updated", kUpdated);
  show_date(page, "made", kDeclared);
  show_date(page, "terms", kTermsValidFrom);
  return page.render(200, "pages/" + name);
}

Response show_sitemap(const Parts& parts, const Request& request) {
  Page page(parts, request);
  const auto& environment = page.environment();
  page.title(page.text("sitemap.title"));
  usecases::MeetingFilter coming;
  coming.from = domain::Date(std::chrono::floor<std::chrono::days>(
      calendar::to_wall_time(page.now(), domain::kDefaultZone)));
  page.view()["meetings"] = meeting_views(
      page, list_meetings(environment, visitor(), coming, {kMostInSitemap, {}}).items);
  auto cycles = web::View::array();
  for (const auto& cycle : list_cycles(environment, visitor(), {}, {kMostInSitemap, {}}).items)
    cycles.push_back(cycle_view(page, cycle));
  auto practices = web::View::array();
  for (const auto& practice :
       list_practices(environment, visitor(), {}, {kMostInSitemap, {}}).items)
    practices.push_back(practice_view(page, practice));
  auto experts = web::View::array();
  for (const auto& expert : list_experts(environment, {}, {kMostInSitemap, {}}).items)
    experts.push_back({{"title", expert.name}, {"url", page.link("/prowadzacy/" + expert.slug)}});
  page.view()["experts"] = std::move(experts);
  page.view()["cycles"] = std::move(cycles);
  page.view()["practices"] = std::move(practices);
  return page.render(200, "pages/sitemap");
}

}  // namespace

void add_plain_pages(Router& router, const Parts& parts) {
  add_page(
      router, Method::get, "/prywatnosc",
      [&parts](const Request& request) { return show_privacy(parts, request); }, shared_page());
  add_page(
      router, Method::get, "/prywatnosc/{version}",
      [&parts](const Request& request) { return show_privacy(parts, request); }, shared_page());
  add_page(
      router, Method::get, "/prywatnosc/usunieto",
      [&parts](const Request& request) { return show_erased(parts, request); }, shared_page());
  add_page(
      router, Method::get, "/mapa-serwisu",
      [&parts](const Request& request) { return show_sitemap(parts, request); }, shared_page());
  for (const auto& plain : kPages) {
    add_page(
        router, Method::get, plain.path,
        [&parts, name = std::string(plain.name)](const Request& request) {
          return show_plain(parts, request, name);
        },
        shared_page());
  }
}

}  // namespace narada::http::pages
