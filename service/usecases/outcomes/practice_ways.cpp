#include "service/usecases/outcomes/practice_ways.h"

#include <algorithm>

#include "service/domain/median.h"
#include "service/usecases/operations.h"
#include "service/usecases/things.h"
#include "sql/practice_way_store.h"

namespace narada::usecases {
namespace {

// Absent also when `to` came first: what was there before took no time from `from`.
std::optional<int> days_between(const std::optional<domain::Date>& from,
                                const std::optional<domain::Date>& to) {
  if (!from || !to || *to < *from) return std::nullopt;
  return static_cast<int>((std::chrono::sys_days{*to} - std::chrono::sys_days{*from}).count());
}

bool fits(const domain::PracticeWay& way, const WaysFilter& filter) {
  if (!filter.topic.empty() && (!way.topic || way.topic->slug != filter.topic)) return false;
  return !filter.year || (way.published && static_cast<int>(way.published->year()) == *filter.year);
}

std::optional<int> median_of(const std::vector<MeasuredWay>& ways,
                             std::optional<int> MeasuredWay::*days) {
  std::vector<int> known;
  for (const auto& way : ways)
    if (way.*days) known.push_back(*(way.*days));
  return domain::median(std::move(known));
}

}  // namespace

domain::Outcome<PracticeWays> load_practice_ways(const Environment& environment, const Actor& actor,
                                                 const WaysFilter& filter) {
  if (const auto reach = check_reach(actor, Action::organize); !reach) return reach.failure();
  return read_database(
      environment, [&](storage::Connection& connection) -> domain::Outcome<PracticeWays> {
        PracticeWays found;
        for (auto& way : storage::list_practice_ways(connection)) {
          if (way.published) {
            const int year = static_cast<int>(way.published->year());
            if (std::find(found.years.begin(), found.years.end(), year) == found.years.end())
              found.years.push_back(year);
          }
          if (!fits(way, filter)) continue;
          const auto to_practice = days_between(way.first_meeting, way.published);
          const auto to_adoption = days_between(way.published, way.first_adopted);
          found.ways.push_back({std::move(way), to_practice, to_adoption});
        }
        found.median_to_practice = median_of(found.ways, &MeasuredWay::to_practice);
        found.median_to_adoption = median_of(found.ways, &MeasuredWay::to_adoption);
        found.stages = storage::count_outcomes_by_stage(connection);
        found.adopters = storage::count_adopters(connection);
        return found;
      });
}

}  // namespace narada::usecases
