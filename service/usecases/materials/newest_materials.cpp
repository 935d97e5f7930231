#include "service/usecases/materials/newest_materials.h"

#include "service/usecases/catalogue_cache.h"
#include "service/usecases/operations.h"
#include "sql/newest_material_store.h"

namespace narada::usecases {
namespace {

std::vector<NewestMaterial> load_newest(const Environment& environment, int limit) {
  const auto rows = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_newest_materials(connection, limit, environment.clock->now());
  });
  std::vector<NewestMaterial> newest;
  for (const auto& row : rows)
    newest.push_back({row.id, row.kind, row.title, row.language, row.owner_title, row.added_at});
  return newest;
}

}  // namespace

std::vector<NewestMaterial> list_newest_materials(const Environment& environment, int limit) {
  if (environment.catalogue == nullptr) return load_newest(environment, limit);
  return *environment.catalogue->find_or_load<std::vector<NewestMaterial>>(
      "newest materials " + std::to_string(limit), environment.clock->now(),
      [&] { return load_newest(environment, limit); });
}

}  // namespace narada::usecases
