#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "service/domain/material.h"

namespace narada::domain {

// A material that everybody may open now, as lists of publications show it.
struct PublicDocument {
  MaterialId id;
  MaterialKind kind = MaterialKind::other;
  std::string title;
  std::string authors;
  std::string description;
  Language language = Language::pl;
  MaterialOwner owner;
  std::string owner_slug;
  std::string owner_title;
  bool is_link = false;     // lies elsewhere
  MaterialVersion version;  // of a file: name, size and facts alone
  std::optional<int> year;  // of its meeting, else of its file; of a link nothing is known
  Instant updated_at{};
};

struct TopicCount {
  TopicRef topic;
  std::int64_t meetings = 0, cycles = 0, practices = 0, documents = 0;
};

}  // namespace narada::domain
