#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "service/domain/ids.h"
#include "service/domain/institution.h"
#include "service/domain/time.h"

// Institutions as those see them who keep the catalogue.
namespace narada::domain {

// inactive: nobody can pick it any more, what is there stays. merged: another one stands for it.
enum class InstitutionState { active, inactive, merged };

struct InstitutionRecord {
  Institution institution;
  InstitutionState state = InstitutionState::active;
  std::optional<InstitutionId> merged_into;
  std::int64_t version = 1;
};

// Two records that were made one.
struct InstitutionMerge {
  InstitutionMergeId id;
  InstitutionId from;
  std::string from_name;
  InstitutionId into;
  std::string into_name;
  std::string merged_by;  // "person:12"
  Instant merged_at{};
  std::optional<Instant> undone_at;
  int left_behind = 0;  // rows that undoing could not give back
};

}  // namespace narada::domain
