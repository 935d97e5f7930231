#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "service/domain/practice.h"

// What lists of published practices show.
namespace narada::domain {

enum class PracticeOrder { newest, changed, title, implemented, most_read };
std::string_view to_string(PracticeOrder order);
std::optional<PracticeOrder> find_practice_order(std::string_view name);

// The English words are empty where there is no such edition.
struct CataloguedPractice {
  PracticeSummary practice;
  std::string title_en, lead_en;
  Instant updated_at{};
  bool featured = false;
};

// How many things have a value.
struct FacetCount {
  std::string value;            // as in an address: a name, a slug, a year, a code
  std::string label, label_en;  // of what has a name of its own, such as a topic
  std::int64_t count = 0;
};

// How many things are of an institution.
struct CountedInstitution {
  InstitutionRef institution;
  std::int64_t count = 0;
};

}  // namespace narada::domain
