#pragma once

#include <optional>
#include <string>

#include "service/domain/ids.h"
#include "service/domain/time.h"

namespace narada::domain {

// Days on which an institution cannot come: a recess of its council, days off of the office.
struct Recess {
  RecessId id;
  std::optional<InstitutionId> institution;  // absent: of everybody
  std::string institution_name;
  std::string title;
  Date first;
  Date last;
  std::string created_by;  // "person:12"
  friend bool operator==(const Recess&, const Recess&) = default;
};

}  // namespace narada::domain
