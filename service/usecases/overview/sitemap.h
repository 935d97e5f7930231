#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "service/usecases/environment.h"

namespace narada::usecases {

// A public page, without the language: "/praktyki/zielony-przystanek".
struct SitemapEntry {
  std::string path;
  domain::Instant updated_at{};
};
// The pages of published things, `size` of them from the `part`-th portion (0, 1, …) on; in an
// order that stays while nothing is published.
std::vector<SitemapEntry> list_sitemap(const Environment&, int part, int size);
std::int64_t count_sitemap(const Environment&);

}  // namespace narada::usecases
