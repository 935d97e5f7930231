#pragma once

#include <string>
#include <vector>

#include "service/domain/material.h"
#include "sql/connection.h"

namespace narada::storage {

// A material that everybody may open now.
struct NewestMaterial {
  domain::MaterialId id;
  domain::MaterialKind kind = domain::MaterialKind::other;
  std::string title;
  domain::Language language = domain::Language::pl;
  std::string owner_title;
  domain::Instant added_at{};
};
// Of what is published, those added last first; no photos, of which one gallery would fill the
// list.
std::vector<NewestMaterial> list_newest_materials(Connection& connection, int limit,
                                                  domain::Instant now);

}  // namespace narada::storage
