#pragma once

#include <array>
#include <string>
#include <string_view>

#include "service/domain/registration.h"

namespace narada::usecases {

// What somebody needs to take part may tell of their health: seen by who may see_needs, kept no
// longer than RetainedField::needs. `diet` and `interpreter` hold one of these names, or the
// person's own words.
inline constexpr std::array<std::string_view, 4> kDiets{"vegetarian", "vegan", "gluten_free",
                                                        "lactose_free"};
inline constexpr std::array<std::string_view, 4> kInterpreters{"pjm", "sjm", "guide", "loop"};

inline void forget_needs(domain::Registration& registration) {
  registration.needs.clear();
  registration.diet.clear();
  registration.access_needs.clear();
  registration.interpreter.clear();
}

}  // namespace narada::usecases
