#include "service/usecases/overview/coverage.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <unordered_map>
#include <utility>

#include "service/domain/enum_names.h"
#include "service/usecases/operations.h"
#include "sql/coverage_store.h"
#include "sql/topic_store.h"

namespace narada::usecases {
namespace {

using domain::CoverageRow;

constexpr domain::EnumNames<CoverageSort, 4> kSorts{{"name", "times", "registered", "hosted"}};
static_assert(is_complete(kSorts, CoverageSort::hosted));

std::optional<domain::Date> new_year(std::optional<int> year) {
  if (!year) return std::nullopt;
  return domain::Date{std::chrono::year(*year) / 1 / 1};
}

storage::CoverageSelection selection_of(const domain::Reach& reach, const CoverageFilter& filter,
                                        domain::Instant now) {
  storage::CoverageSelection selection;
  selection.within = reach;
  selection.association = filter.association;
  selection.topic = filter.topic;
  selection.from = new_year(filter.from_year);
  if (filter.to_year) selection.until = new_year(*filter.to_year + 1);
  selection.now = now;
  return selection;
}

std::int64_t key_of(const CoverageRow& row, CoverageSort sort) {
  switch (sort) {
    case CoverageSort::times:
      return row.all.times();
    case CoverageSort::registered:
      return row.all.registered;
    case CoverageSort::hosted:
      return row.all.hosted;
    case CoverageSort::name:
      break;
  }
  return 0;
}

// The rows by institution, in the order of `institutions`; what is of another one is left out.
std::vector<CoverageRow> rows_of(std::vector<domain::InstitutionRef> institutions,
                                 const std::vector<storage::CoverageCell>& cells) {
  std::vector<CoverageRow> rows;
  std::unordered_map<std::int64_t, std::size_t> places;
  for (auto& institution : institutions) {
    places.emplace(institution.id.value, rows.size());
    rows.push_back({std::move(institution), {}, {}});
  }
  for (const auto& cell : cells) {
    const auto found = places.find(cell.institution.value);
    if (found == places.end()) continue;
    auto& row = rows[found->second];
    row.all += cell.numbers;
    row.topics[cell.topic] += cell.numbers;
  }
  return rows;
}

void take_topics(Coverage& coverage, const std::vector<domain::TopicRef>& all) {
  std::set<std::int64_t> used;
  for (const auto& row : coverage.rows)
    for (const auto& [topic, numbers] : row.topics) used.insert(topic);
  coverage.has_no_topic = used.count(0) > 0;
  for (const auto& topic : all)
    if (used.count(topic.id.value) > 0) coverage.topics.push_back(topic);
}

void sift(Coverage& coverage, const CoverageFilter& filter) {
  for (const auto& row : coverage.rows)
    ++coverage.counts[static_cast<std::size_t>(domain::presence_of(row.all.times()))];
  if (filter.presence)
    std::erase_if(coverage.rows, [&](const CoverageRow& row) {
      return domain::presence_of(row.all.times()) != *filter.presence;
    });
  std::stable_sort(coverage.rows.begin(), coverage.rows.end(),
                   [&](const CoverageRow& one, const CoverageRow& other) {
                     return key_of(one, filter.sort) > key_of(other, filter.sort);
                   });
}

}  // namespace

std::string_view to_string(CoverageSort sort) { return kSorts.name_of(sort); }
std::optional<CoverageSort> find_coverage_sort(std::string_view name) { return kSorts.find(name); }

domain::Outcome<Coverage> load_coverage(const Environment& environment, const Actor& actor,
                                        const CoverageFilter& filter) {
  const auto reach = domain::reach_of(actor, Action::organize);
  if (reach.nothing()) return domain::Forbidden{};
  const auto selection = selection_of(reach, filter, environment.clock->now());
  return read_database(environment, [&](storage::Connection& connection) {
    Coverage coverage;
    coverage.rows = rows_of(storage::list_covered_institutions(connection, filter.association),
                            storage::list_coverage(connection, selection));
    coverage.years = storage::list_meeting_years(connection);
    take_topics(coverage, storage::list_topics(connection));
    sift(coverage, filter);
    return coverage;
  });
}

}  // namespace narada::usecases
