#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "service/usecases/overview/sitemap.h"

namespace narada::http::pages {

// A file of sitemaps.org holds 50,000 addresses at most, and each page has two: Polish and English.
inline constexpr int kPagesInSitemap = 25'000;

// <urlset>: each page in both languages, each naming the other. `base`: "https://narada.example".
std::string write_sitemap(const std::string& base,
                          const std::vector<usecases::SitemapEntry>& pages);
// <sitemapindex> of so many files, /sitemap-1.xml and so on.
std::string write_sitemap_index(const std::string& base, std::int64_t files);

}  // namespace narada::http::pages
