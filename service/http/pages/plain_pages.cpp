#include "calendar/zone.h"
#include "service/http/pages/pages.h"
#include "service/http/pages/views.h"
#include "service/usecases/registrations.h"
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
    {"/mapa-serwisu", "sitemap"},
};

// Paragraphs of a text in which an empty line ends one.
web::View paragraphs(const std::string& text) {
  web::View all = web::View::array();
  for (std::size_t start = 0; start < text.size();) {
    auto end = text.find("\n\n", start);
    if (end == std::string::npos) end = text.size();
    if (end > start) all.push_back(text.substr(start, end - start));
    start = end + 2;
  }
  return all;
}

Response show_privacy(const Parts& parts, const Request& request) {
  Page page(parts, request);
  page.title(page.text("privacy.title"));
  std::optional<int> version;
  if (const auto asked = request.find_query("wersja")) {
    if (asked->empty() || asked->size() > 6 ||
        asked->find_first_not_of("0123456789") != std::string::npos)
      throw Error(404);
    version = std::stoi(*asked);
  }
  const auto clause = usecases::find_information_clause(page.environment(), version);
  if (!clause) throw Error(404);
  page.view()["paragraphs"] = paragraphs(page.english() ? clause->text_en : clause->text_pl);
  page.view()["version"] = page.text(
      "privacy.version",
      {{"version", std::int64_t{clause->version}},
       {"date", web::day_date(page.language(),
                              calendar::to_wall_time(clause->valid_from, domain::kDefaultZone))}});
  return page.render(200, "pages/privacy");
}

Response show_plain(const Parts& parts, const Request& request, const std::string& name) {
  Page page(parts, request);
  page.title(page.text(name + ".title"));
  page.view()["contact_email"] = page.environment().mail_from;
  page.view()["base_url"] = page.environment().base_url;
  return page.render(200, "pages/" + name);
}

}  // namespace

void add_plain_pages(Router& router, const Parts& parts) {
  add_page(
      router, Method::get, "/prywatnosc",
      [&parts](const Request& request) { return show_privacy(parts, request); }, shared_page());
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
