#include "service/usecases/materials/material_search.h"

#include "service/usecases/field_checks.h"
#include "service/usecases/list_cursor.h"
#include "service/usecases/list_names.h"
#include "service/usecases/operations.h"
#include "sql/material_search_store.h"

namespace narada::usecases {
PageOf<FoundMaterial> search_materials(const Environment& environment, const std::string& q,
                                       const PageRequest& request) {
  std::string words = q;
  domain::FieldErrors errors;
  FieldChecks(errors).check_text("q", words, {.max = 300});
  if (!errors.empty() || words.empty()) return {};
  const int limit = clamp_limit(request.limit);
  const auto cursor = find_cursor(request.cursor, kMaterialList);
  std::optional<domain::MaterialId> before;
  if (cursor) before = domain::MaterialId{cursor->id};
  auto rows = read_database(environment, [&](storage::Connection& connection) {
    return storage::search_materials(connection, words, before, limit + 1,
                                     environment.clock->now());
  });
  std::vector<FoundMaterial> found;
  for (auto& row : rows)
    found.push_back({row.id, row.kind, std::move(row.title), std::move(row.authors),
                     std::move(row.owner_title), "/materialy/" + std::to_string(row.id.value),
                     std::move(row.snippet)});
  return make_page(std::move(found), limit, [](const FoundMaterial& last) {
    return ListCursor{std::string(kMaterialList), "", last.id.value};
  });
}

}  // namespace narada::usecases
