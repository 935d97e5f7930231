// Sitemaps for search engines (sitemaps.org), and the file that tells robots of them.

#include "service/http/pages/sitemap_files.h"

#include <fmt/format.h>

#include <array>

#include "calendar/zone.h"
#include "service/http/pages/pages.h"
#include "web/safe_html.h"

namespace narada::http::pages {
namespace {

constexpr std::string_view kHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
constexpr std::string_view kNamespace = "http://www.sitemaps.org/schemas/sitemap/0.9";

// Pages that are there whatever is published. They say nothing of when they change.
constexpr std::array kFixed = {"/",
                               "/kalendarz",
                               "/kalendarz/lista",
                               "/kalendarz/mapa",
                               "/cykle",
                               "/praktyki",
                               "/praktyki/mapa",
                               "/gminy",
                               "/tematy",
                               "/dokumenty",
                               "/pomoc",
                               "/kontakt",
                               "/regulamin",
                               "/prywatnosc",
                               "/deklaracja-dostepnosci"};

std::string english(const std::string& path) { return path == "/" ? "/en/" : "/en" + path; }

std::string write_entry(const std::string& base, const usecases::SitemapEntry& entry,
                        const std::string& path) {
  const auto polish = web::escape_html(base + entry.path);
  const auto other = web::escape_html(base + english(entry.path));
  const auto changed =
      entry.updated_at == domain::Instant{}
          ? std::string()
          : "<lastmod>" + calendar::format_rfc3339(entry.updated_at, "UTC") + "</lastmod>";
  return fmt::format(
      "<url><loc>{}</loc>{}<xhtml:link rel=\"alternate\" hreflang=\"pl\" href=\"{}\"/>"
      "<xhtml:link rel=\"alternate\" hreflang=\"en\" href=\"{}\"/>"
      "<xhtml:link rel=\"alternate\" hreflang=\"x-default\" href=\"{}\"/></url>\n",
      web::escape_html(base + path), changed, polish, other, polish);
}

std::vector<usecases::SitemapEntry> with_fixed(std::vector<usecases::SitemapEntry> pages) {
  std::vector<usecases::SitemapEntry> all;
  for (const auto* path : kFixed) all.push_back({path, {}});
  all.insert(all.end(), pages.begin(), pages.end());
  return all;
}

Response xml_response(std::string text) {
  Response response;
  response.set("Content-Type", "application/xml; charset=utf-8");
  response.body = std::move(text);
  return response;
}

// The fixed pages fill up the first file.
constexpr int kInFile = kPagesInSitemap - static_cast<int>(kFixed.size());

std::int64_t count_files(const usecases::Environment& environment) {
  return (usecases::count_sitemap(environment) + kInFile - 1) / kInFile;
}

Response show_sitemap(const Parts& parts) {
  const auto& environment = *parts.environment;
  if (const auto files = count_files(environment); files > 1)
    return xml_response(write_sitemap_index(environment.base_url, files));
  return xml_response(write_sitemap(environment.base_url,
                                    with_fixed(usecases::list_sitemap(environment, 0, kInFile))));
}

Response show_part(const Parts& parts, const Request& request) {
  const auto& text = request.params.at("number");
  if (text.empty() || text.size() > 4 || text.find_first_not_of("0123456789") != std::string::npos)
    throw Error(404);
  const int number = std::stoi(text);
  const auto& environment = *parts.environment;
  if (number < 1 || number > count_files(environment)) throw Error(404);
  auto pages = usecases::list_sitemap(environment, number - 1, kInFile);
  if (number == 1) pages = with_fixed(std::move(pages));
  return xml_response(write_sitemap(environment.base_url, pages));
}

}  // namespace

std::string write_sitemap(const std::string& base,
                          const std::vector<usecases::SitemapEntry>& pages) {
  std::string text = std::string(kHead) + "<urlset xmlns=\"" + std::string(kNamespace) +
                     "\" xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n";
  for (const auto& entry : pages) {
    text += write_entry(base, entry, entry.path);
    text += write_entry(base, entry, english(entry.path));
  }
  return text + "</urlset>\n";
}

std::string write_sitemap_index(const std::string& base, std::int64_t files) {
  std::string text =
      std::string(kHead) + "<sitemapindex xmlns=\"" + std::string(kNamespace) + "\">\n";
  for (std::int64_t number = 1; number <= files; ++number)
    text += fmt::format("<sitemap><loc>{}/sitemap-{}.xml</loc></sitemap>\n", web::escape_html(base),
                        number);
  return text + "</sitemapindex>\n";
}

void add_sitemap_files(Router& router, const Parts& parts) {
  router.add(
      Method::get, "/sitemap.xml", [&parts](const Request&) { return show_sitemap(parts); },
      shared_page());
  router.add(
      Method::get, "/sitemap-{number}.xml",
      [&parts](const Request& request) { return show_part(parts, request); }, shared_page());
}

}  // namespace narada::http::pages
