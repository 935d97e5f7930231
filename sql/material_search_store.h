#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/material.h"
#include "sql/connection.h"

namespace narada::storage {

// A material that everybody may open now, found by words.
struct FoundMaterial {
  domain::MaterialId id;
  domain::MaterialOwner owner;
  domain::MaterialKind kind = domain::MaterialKind::other;
  std::string title;
  std::string authors;
  std::string owner_slug;
  std::string owner_title;
  std::string snippet;  // of its text around the words, or its description; may be empty
};
// `q` anywhere in title, authors or description, or all its words in the text of the file; the
// newest first, those with a smaller id than `before`.
std::vector<FoundMaterial> search_materials(Connection& connection, const std::string& q,
                                            std::optional<domain::MaterialId> before, int limit,
                                            domain::Instant now);

}  // namespace narada::storage
