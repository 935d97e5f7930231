#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/coverage.h"
#include "service/domain/meeting.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Which institutions come, to which topics, and which never do; computed from registrations, not
// typed by anybody.

enum class CoverageSort { name, times, registered, hosted };
std::string_view to_string(CoverageSort sort);
std::optional<CoverageSort> find_coverage_sort(std::string_view name);

struct CoverageFilter {
  std::string association = {};       // code; empty: all institutions
  std::string topic = {};             // slug; empty: all
  std::optional<int> from_year = {};  // of the meetings' beginning, inclusive
  std::optional<int> to_year = {};    // inclusive
  std::optional<domain::Presence> presence = {};
  CoverageSort sort = CoverageSort::name;
};

struct Coverage {
  std::vector<domain::CoverageRow> rows;  // sorted; those that the filter leaves
  std::vector<domain::TopicRef> topics;   // that any row has something of, by name
  bool has_no_topic = false;              // some row has something without a topic
  std::vector<int> years;                 // with meetings, the latest first
  std::int64_t counts[4] = {};            // of institutions by Presence, whatever filter.presence
};
// For who organizes something, of the meetings in their reach. Forbidden
// otherwise.
domain::Outcome<Coverage> load_coverage(const Environment&, const Actor&, const CoverageFilter&);

}  // namespace narada::usecases
