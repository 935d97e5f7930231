#include "service/domain/related_practices.h"

#include <algorithm>
#include <tuple>

namespace narada::domain {
namespace {

bool shares_institution(const PracticeSummary& one, const PracticeSummary& other) {
  return std::any_of(one.institutions.begin(), one.institutions.end(), [&](const auto& mine) {
    return std::any_of(other.institutions.begin(), other.institutions.end(),
                       [&](const auto& theirs) { return mine.id == theirs.id; });
  });
}

}  // namespace

int relation_of(const PracticeSummary& one, const PracticeSummary& other) {
  int points = 0;
  if (one.topic && other.topic && one.topic->id == other.topic->id) points += kSameTopic;
  if (one.area && one.area == other.area) points += kSameArea;
  if (one.type && one.type == other.type) points += kSameType;
  if (shares_institution(one, other)) points += kSameInstitution;
  return points;
}

std::vector<PracticeSummary> closest_practices(const PracticeSummary& practice,
                                               std::vector<PracticeSummary> candidates,
                                               std::size_t most) {
  std::erase_if(candidates, [&](const PracticeSummary& other) {
    return other.id == practice.id || relation_of(practice, other) < kLeastRelation;
  });
  std::sort(candidates.begin(), candidates.end(), [&](const auto& left, const auto& right) {
    return std::tuple(relation_of(practice, left), left.published_at, left.id.value) >
           std::tuple(relation_of(practice, right), right.published_at, right.id.value);
  });
  if (candidates.size() > most) candidates.resize(most);
  return candidates;
}

}  // namespace narada::domain
