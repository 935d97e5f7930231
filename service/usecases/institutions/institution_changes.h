#pragma once

#include <string>
#include <vector>

#include "service/domain/institution.h"

namespace narada::usecases {

// One field of a record that has another value than before, both as text; empty: none.
struct FieldChange {
  std::string field;  // as in the API
  std::string before;
  std::string after;
  friend bool operator==(const FieldChange&, const FieldChange&) = default;
};

// In the order of the form; aliases and associations (codes) are one field each, one a line.
std::vector<FieldChange> changes_between(const domain::Institution& before,
                                         const domain::Institution& after);

// For the activity log: {"before":{"name":"…"},"after":{"name":"…"}}.
std::string describe_changes(const std::vector<FieldChange>& changes);

}  // namespace narada::usecases
