#pragma once

#include <string>

#include "service/domain/material.h"
#include "service/usecases/environment.h"
#include "service/usecases/lists.h"

namespace narada::usecases {

// A material that everybody may open, found by words in its title, authors, description or text.
struct FoundMaterial {
  domain::MaterialId id;
  domain::MaterialKind kind = domain::MaterialKind::other;
  std::string title;
  std::string authors;
  std::string owner_title;
  std::string path;     // of its page
  std::string snippet;  // around the words; may be empty
};
// The newest first, the same for every reader.
PageOf<FoundMaterial> search_materials(const Environment&, const std::string& q,
                                       const PageRequest&);

}  // namespace narada::usecases
