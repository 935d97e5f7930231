#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/coverage.h"
#include "service/domain/permissions.h"
#include "service/domain/time.h"
#include "sql/connection.h"

namespace narada::storage {

struct CoverageSelection {
  domain::Reach within;               // of which meetings and cycles
  std::string association;            // code; empty: any institution
  std::string topic;                  // slug; empty: any
  std::optional<domain::Date> from;   // of the meetings' beginning, inclusive
  std::optional<domain::Date> until;  // exclusive
  domain::Instant now{};              // what is past
};

struct CoverageCell {
  domain::InstitutionId institution;
  std::int64_t topic = 0;  // 0: none
  domain::CoverageNumbers numbers;
};
// One statement over the registrations, the places and the cycles' institutions of what is
// published.
std::vector<CoverageCell> list_coverage(Connection& connection, const CoverageSelection& selection);

// Active ones of the association, by name.
std::vector<domain::InstitutionRef> list_covered_institutions(Connection& connection,
                                                              const std::string& association);

// The years in which published meetings begin, the latest first.
std::vector<int> list_meeting_years(Connection& connection);

}  // namespace narada::storage
