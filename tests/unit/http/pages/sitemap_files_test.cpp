#include "service/http/pages/sitemap_files.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace narada;
using namespace narada::http::pages;

TEST_CASE("each page is in the sitemap in both languages, each naming the other") {
  const domain::Instant changed(std::chrono::seconds(1'800'000'000));
  CHECK(write_sitemap("https://narada.example", {{"/praktyki/a&b", changed}, {"/", {}}}) ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" "
        "xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n"
        "<url><loc>https://narada.example/praktyki/a&amp;b</loc>"
        "<lastmod>2027-01-15T08:00:00+00:00</lastmod>"
        "<xhtml:link rel=\"alternate\" hreflang=\"pl\" "
        "href=\"https://narada.example/praktyki/a&amp;b\"/>"
        "<xhtml:link rel=\"alternate\" hreflang=\"en\" "
        "href=\"https://narada.example/en/praktyki/a&amp;b\"/>"
        "<xhtml:link rel=\"alternate\" hreflang=\"x-default\" "
        "href=\"https://narada.example/praktyki/a&amp;b\"/></url>\n"
        "<url><loc>https://narada.example/en/praktyki/a&amp;b</loc>"
        "<lastmod>2027-01-15T08:00:00+00:00</lastmod>"
        "<xhtml:link rel=\"alternate\" hreflang=\"pl\" "
        "href=\"https://narada.example/praktyki/a&amp;b\"/>"
        "<xhtml:link rel=\"alternate\" hreflang=\"en\" "
        "href=\"https://narada.example/en/praktyki/a&amp;b\"/>"
        "<xhtml:link rel=\"alternate\" hreflang=\"x-default\" "
        "href=\"https://narada.example/praktyki/a&amp;b\"/></url>\n"
        "<url><loc>https://narada.example/</loc>"
        "<xhtml:link rel=\"alternate\" hreflang=\"pl\" href=\"https://narada.example/\"/>"
        "<xhtml:link rel=\"alternate\" hreflang=\"en\" href=\"https://narada.example/en/\"/>"
        "<xhtml:link rel=\"alternate\" hreflang=\"x-default\" href=\"https://narada.example/\"/>"
        "</url>\n"
        "<url><loc>https://narada.example/en/</loc>"
        "<xhtml:link rel=\"alternate\" hreflang=\"pl\" href=\"https://narada.example/\"/>"
        "<xhtml:link rel=\"alternate\" hreflang=\"en\" href=\"https://narada.example/en/\"/>"
        "<xhtml:link rel=\"alternate\" hreflang=\"x-default\" href=\"https://narada.example/\"/>"
        "</url>\n"
        "</urlset>\n");
}

TEST_CASE("the largest file of a sitemap keeps below what search engines take") {
  const std::vector<usecases::SitemapEntry> pages(kPagesInSitemap, {"/praktyki/x", {}});
  const auto text = write_sitemap("https://narada.example", pages);
  std::size_t count = 0;
  for (auto at = text.find("<url>"); at != std::string::npos; at = text.find("<url>", at + 1))
    ++count;
  CHECK(count == 50'000);
  CHECK(text.size() < 50U * 1024 * 1024);
}

TEST_CASE("the index names every file") {
  CHECK(write_sitemap_index("https://narada.example", 2) ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
        "<sitemap><loc>https://narada.example/sitemap-1.xml</loc></sitemap>\n"
        "<sitemap><loc>https://narada.example/sitemap-2.xml</loc></sitemap>\n"
        "</sitemapindex>\n");
}
