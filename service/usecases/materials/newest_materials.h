#pragma once

#include <string>
#include <vector>

#include "service/domain/material.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

struct NewestMaterial {
  domain::MaterialId id;
  domain::MaterialKind kind = domain::MaterialKind::other;
  std::string title;
  domain::Language language = domain::Language::pl;
  std::string owner_title;
  domain::Instant added_at{};
};
// The newest that everybody may open, without photos. Kept for a moment, as all of the catalogue.
std::vector<NewestMaterial> list_newest_materials(const Environment&, int limit);

}  // namespace narada::usecases
