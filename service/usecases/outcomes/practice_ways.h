#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/domain/practice_way.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// From the first meeting to the practice and on to the first adoption, in days, of published
// practices; what lacks one of its two dates, or has them the other way round, counts in no median.
struct MeasuredWay {
  domain::PracticeWay way;
  std::optional<int> to_practice;  // from the first meeting
  std::optional<int> to_adoption;  // from the publication
};
struct PracticeWays {
  std::vector<MeasuredWay> ways;
  std::optional<int> median_to_practice;
  std::optional<int> median_to_adoption;
  std::vector<domain::StageCount> stages;
  std::vector<domain::AdopterCount> adopters;
  std::vector<int> years;  // in which practices were published, the last first
};
struct WaysFilter {
  std::string topic;  // slug; empty: any
  std::optional<int> year;
};
// For whoever organizes anything; else Forbidden. The filter is for the ways alone.
domain::Outcome<PracticeWays> load_practice_ways(const Environment&, const Actor&,
                                                 const WaysFilter&);

}  // namespace narada::usecases
