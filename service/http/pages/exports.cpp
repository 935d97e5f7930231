// Everything that is published of practices, as files to take away.

#include "service/http/pages/export_files.h"
#include "service/http/pages/pages.h"
#include "service/usecases/exchange/harvest.h"

namespace narada::http::pages {
namespace {

Response show_exports(const Parts& parts, const Request& request) {
  Page page(parts, request, Section::practices);
  page.title(page.text("exchange.title"));
  page.crumb(page.text("practices.title"), "/praktyki");
  page.view()["oai_address"] = page.absolute("/oai");
  page.view()["oai_url"] = "/oai?verb=Identify";
  return page.render(200, "pages/exports");
}

using Write = std::string (*)(const Published&, const std::string&);

void add_file(Router& router, const Parts& parts, const std::string& name,
              const std::string& media_type, Write write) {
  router.add(
      Method::get, "/eksport/" + name,
      [&parts, name, media_type, write](const Request&) {
        Response response;
        response.set("Content-Type", media_type);
        response.set("Content-Disposition", "attachment; filename=\"" + name + "\"");
        response.body =
            write(usecases::list_published(*parts.environment), parts.environment->base_url);
        return response;
      },
      shared_page());
}

}  // namespace

void add_export_pages(Router& router, const Parts& parts) {
  add_page(
      router, Method::get, "/eksport",
      [&parts](const Request& request) { return show_exports(parts, request); }, shared_page());
  add_file(router, parts, "praktyki.csv", "text/csv; charset=utf-8", write_practices_csv);
  add_file(router, parts, "praktyki.json", "application/json", write_practices_json);
  add_file(router, parts, "praktyki.jsonld", "application/ld+json", write_practices_json_ld);
}

}  // namespace narada::http::pages
