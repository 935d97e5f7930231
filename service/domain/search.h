#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "service/domain/time.h"

namespace narada::domain {

// Everything that can be found; the order in which equals stand.
enum class SearchKind : std::uint8_t { meeting, cycle, practice, material, institution, expert };
inline constexpr std::array kSearchKinds = {SearchKind::meeting,     SearchKind::cycle,
                                            SearchKind::practice,    SearchKind::material,
                                            SearchKind::institution, SearchKind::expert};
std::string_view to_string(SearchKind kind);
std::optional<SearchKind> find_search_kind(std::string_view name);

// The parts of a document, which weigh differently.
enum class SearchField : std::uint8_t { title, names, lead, body };
inline constexpr std::size_t kSearchFieldCount = 4;
template <class T>
using PerSearchField = std::array<T, kSearchFieldCount>;

// Relevance is BM25F: S. Robertson, H. Zaragoza, M. Taylor, "Simple BM25 extension to multiple
// weighted fields" (CIKM 2004): how often a word stands in each part is divided by how long that
// part is against the usual, weighted, added up over the parts, and only then saturated.
//   frequency = sum over fields of weight * count / (1 - b + b * length / average)
//   score     = idf * frequency / (k1 + frequency)
// with k1 = 1.2; weights and b of each field stand in search.cpp. At most idf.
double score_word(double idf, const PerSearchField<std::uint8_t>& counts,
                  const PerSearchField<float>& lengths, const PerSearchField<float>& averages);
// How much a word tells: ln(1 + (documents - with + 0.5) / (with + 0.5)), never negative.
double weigh_word(std::size_t documents, std::size_t with);
// Factor for how recent something is: 1.08 today, 1.03 after five years, towards 1. Things without
// a time, and those still to come, count as of today.
double weigh_recency(std::optional<Instant> when, Instant now);
// Factor for how many of the words that were asked for were found.
double weigh_coverage(std::size_t found, std::size_t asked);

// Factor for how much of a title the words make up: who types a whole title means that thing.
double weigh_title(std::size_t found, std::size_t words);

// Insertions, deletions, changed letters and exchanged neighbours that make one word the other,
// both in ASCII; `most` + 1 when there are more than that.
int count_typing_errors(std::string_view one, std::string_view other, int most);
// How many are forgiven in a word of that many letters: none below 4, one below 8, two above.
int forgiven_typing_errors(std::size_t letters);
// How near two words of one family are by their common beginning, 0 to 1 ("bezdomny",
// "bezdomnosc"); 0: they are none.
double measure_kinship(std::string_view one, std::string_view other);

}  // namespace narada::domain
