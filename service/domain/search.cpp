#include "service/domain/search.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>
#include <vector>

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<SearchKind, 6> kKindNames{
    {"meeting", "cycle", "practice", "material", "institution", "expert"}};
static_assert(is_complete(kKindNames, SearchKind::expert));

constexpr double kSaturation = 1.2;
constexpr PerSearchField<double> kWeights{6.0, 2.5, 2.0, 1.0};
// How much a part's length counts: a title is a title, however long.
constexpr PerSearchField<double> kLengthMatters{0.4, 0.4, 0.5, 0.75};

}  // namespace

std::string_view to_string(SearchKind kind) { return kKindNames.name_of(kind); }

std::optional<SearchKind> find_search_kind(std::string_view name) { return kKindNames.find(name); }

double score_word(double idf, const PerSearchField<std::uint8_t>& counts,
                  const PerSearchField<float>& lengths, const PerSearchField<float>& averages) {
  double frequency = 0;
  for (std::size_t field = 0; field < kSearchFieldCount; ++field) {
    if (counts[field] == 0) continue;
    const double b = kLengthMatters[field];
    const double average = std::max(1.0, static_cast<double>(averages[field]));
    frequency += kWeights[field] * counts[field] /
                 (1 - b + b * static_cast<double>(lengths[field]) / average);
  }
  return idf * frequency / (kSaturation + frequency);
}

double weigh_word(std::size_t documents, std::size_t with) {
  const auto all = static_cast<double>(std::max(documents, with));
  const auto some = static_cast<double>(with);
  return std::log(1 + (all - some + 0.5) / (some + 0.5));
}

double weigh_recency(std::optional<Instant> when, Instant now) {
  constexpr double kMost = 0.08;
  constexpr double kYears = 5;
  constexpr double kSecondsOfYear = 365.25 * 86400;
  if (!when || *when >= now) return 1 + kMost;
  const double years =
      static_cast<double>(std::chrono::duration_cast<std::chrono::seconds>(now - *when).count()) /
      kSecondsOfYear;
  return 1 + kMost * std::exp(-years / kYears);
}

double weigh_coverage(std::size_t found, std::size_t asked) {
  if (asked == 0) return 0;
  const double share = static_cast<double>(found) / static_cast<double>(asked);
  return share * share;
}

double weigh_title(std::size_t found, std::size_t words) {
  constexpr double kWhole = 0.35;
  if (words == 0) return 1;
  return 1 + kWhole * static_cast<double>(std::min(found, words)) / static_cast<double>(words);
}

int count_typing_errors(std::string_view one, std::string_view other, int most) {
  const auto rows = one.size();
  const auto columns = other.size();
  if (std::abs(static_cast<long>(rows) - static_cast<long>(columns)) > most) return most + 1;
  std::vector<int> before(columns + 1);
  std::vector<int> last(columns + 1);
  std::vector<int> now(columns + 1);
  for (std::size_t column = 0; column <= columns; ++column) last[column] = static_cast<int>(column);
  for (std::size_t row = 1; row <= rows; ++row) {
    now[0] = static_cast<int>(row);
    int least = now[0];
    for (std::size_t column = 1; column <= columns; ++column) {
      const int differs = one[row - 1] == other[column - 1] ? 0 : 1;
      now[column] = std::min({last[column] + 1, now[column - 1] + 1, last[column - 1] + differs});
      if (row > 1 && column > 1 && one[row - 1] == other[column - 2] &&
          one[row - 2] == other[column - 1])
        now[column] = std::min(now[column], before[column - 2] + 1);
      least = std::min(least, now[column]);
    }
    if (least > most) return most + 1;
    std::swap(before, last);
    std::swap(last, now);
  }
  return std::min(last[columns], most + 1);
}

int forgiven_typing_errors(std::size_t letters) {
  constexpr std::size_t kOneFrom = 4;
  constexpr std::size_t kTwoFrom = 8;
  return letters < kOneFrom ? 0 : letters < kTwoFrom ? 1 : 2;
}

double measure_kinship(std::string_view one, std::string_view other) {
  constexpr std::size_t kShortestRoot = 4;
  constexpr std::size_t kLongestEnding = 5;
  constexpr double kLeastShare = 0.54;
  const auto end = std::mismatch(one.begin(), one.end(), other.begin(), other.end()).first;
  const auto common = static_cast<std::size_t>(end - one.begin());
  const auto longer = std::max(one.size(), other.size());
  if (common < kShortestRoot || longer - common > kLongestEnding + 1) return 0;
  const bool begins = common == std::min(one.size(), other.size());
  const double share = static_cast<double>(common) / static_cast<double>(longer);
  if (begins && longer - common <= kLongestEnding) return share;
  return share >= kLeastShare ? share : 0;
}

}  // namespace narada::domain
