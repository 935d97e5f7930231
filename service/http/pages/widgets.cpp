// Parts of the site for other sites to show within theirs, in a frame.

#include "service/http/pages/pages.h"
#include "service/http/pages/practice_filters.h"
#include "service/http/pages/views.h"

namespace narada::http::pages {
namespace {

constexpr int kInWidget = 5;

// As everywhere, but any site may frame it; it holds no form and no cookie.
constexpr std::string_view kFramed =
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors *";

Response show_practices(const Parts& parts, const Request& request) {
  Page page(parts, request);
  page.title(page.text("practices.title"));
  auto& view = page.view();
  view["practices"] = practice_views(
      page, list_catalogue(page.environment(), read_catalogue_filter(request), kInWidget));
  view["all_url"] = page.absolute(page.link("/praktyki" + catalogue_query(request)));
  view["canonical"] = view["all_url"];
  auto response = page.render(200, "pages/widget_practices");
  response.set("Content-Security-Policy", std::string(kFramed));
  return response;
}

}  // namespace

void add_widget_pages(Router& router, const Parts& parts) {
  add_page(
      router, Method::get, "/widzet/praktyki",
      [&parts](const Request& request) { return show_practices(parts, request); }, shared_page());
}

}  // namespace narada::http::pages
