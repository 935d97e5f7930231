#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "service/domain/institution.h"

namespace narada::domain {

// How many people of one office stand where at a meeting. Names of people are nowhere.
struct OfficeNumbers {
  InstitutionId id;  // 0: people who named no office
  std::string slug;
  std::string name;
  InstitutionKind kind = InstitutionKind::other;
  std::string county;
  bool came_before = false;  // had a place at a meeting that started earlier
  std::int64_t pending = 0;
  std::int64_t confirmed = 0;  // with those who attended or were absent
  std::int64_t waitlisted = 0;
  std::int64_t withdrawn = 0;  // cancelled or declined

  // People who are in.
  std::int64_t people() const { return pending + confirmed + waitlisted; }
};

struct AssociationShare {
  std::string name;
  std::int64_t members = 0;
  std::int64_t present = 0;  // members with somebody who is in
};

// What offices with somebody who is in have in common: a kind, a county.
struct SharedNumbers {
  std::string key;  // InstitutionKind by name, or the county
  std::int64_t offices = 0;
  std::int64_t people = 0;
};
// Most offices first, then by the key. Offices without a county are left out.
std::vector<SharedNumbers> numbers_by_kind(const std::vector<OfficeNumbers>& offices);
std::vector<SharedNumbers> numbers_by_county(const std::vector<OfficeNumbers>& offices);
// Municipalities with somebody who is in, that have never had a place before.
std::vector<OfficeNumbers> newcomers(const std::vector<OfficeNumbers>& offices);

}  // namespace narada::domain
