#pragma once

#include <cstddef>
#include <vector>

#include "service/domain/practice.h"

namespace narada::domain {

// What makes a reader of one practice want the other: points, of which the words of a description
// are no part. A shared topic says more than a shared type, which says how, and not about what.
inline constexpr int kSameTopic = 4;
inline constexpr int kSameArea = 2;
inline constexpr int kSameInstitution = 2;
inline constexpr int kSameType = 1;
// Less than this is chance: of one type are a seventh of all.
inline constexpr int kLeastRelation = 2;

int relation_of(const PracticeSummary& one, const PracticeSummary& other);

// Of the candidates those with kLeastRelation at least, the closest first, among equals the newest;
// without the practice itself, at most `most`.
std::vector<PracticeSummary> closest_practices(const PracticeSummary& practice,
                                               std::vector<PracticeSummary> candidates,
                                               std::size_t most);

}  // namespace narada::domain
