#include "service/usecases/overview/sitemap.h"

#include "service/usecases/operations.h"
#include "sql/sitemap_store.h"

namespace narada::usecases {

std::vector<SitemapEntry> list_sitemap(const Environment& environment, int part, int size) {
  const auto rows = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_public_addresses(connection, environment.clock->now(),
                                          std::int64_t{part} * size, size);
  });
  std::vector<SitemapEntry> entries;
  for (const auto& row : rows) entries.push_back({row.path, row.updated_at});
  return entries;
}

std::int64_t count_sitemap(const Environment& environment) {
  return read_database(environment, [&](storage::Connection& connection) {
    return storage::count_public_addresses(connection, environment.clock->now());
  });
}

}  // namespace narada::usecases
