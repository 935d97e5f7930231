#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/meeting.h"
#include "service/domain/search.h"
#include "service/usecases/environment.h"
#include "service/usecases/search/search_index.h"

namespace narada::usecases {

// A piece of a text; `matched`: it is what was looked for.
struct ExcerptPiece {
  std::string text;
  bool matched = false;
  friend bool operator==(const ExcerptPiece&, const ExcerptPiece&) = default;
};
using Excerpt = std::vector<ExcerptPiece>;
// `text` as a whole with what matches marked.
Excerpt mark_matches(std::string_view text, const std::vector<std::string>& matched);
// The part of `text` with the most different matches, cut at words, at most about `length` octets;
// its beginning where there is none.
Excerpt make_excerpt(std::string_view text, const std::vector<std::string>& matched,
                     std::size_t length);

struct SearchResult {
  domain::SearchKind kind = domain::SearchKind::meeting;
  std::int64_t id = 0;
  std::string slug;
  std::string teryt;
  std::string title;
  std::string path;  // of its page, Polish
  std::string lead;
  std::string of;                             // what a material belongs to
  std::optional<domain::MeetingTimes> times;  // of a meeting; without its end
  Excerpt marked_title;
  Excerpt excerpt;  // may be empty
};

struct FacetValue {
  std::string value;         // as a choice names it
  std::string name;          // of an institution or topic; otherwise empty
  std::string name_en = {};  // of a topic
  int count = 0;
  bool chosen = false;
};

struct SearchRequest {
  std::string q;  // at most kMostSearchedCharacters
  SearchChoice chosen = {};
  int limit = 20;  // 1..200
  int offset = 0;
};
inline constexpr std::size_t kMostSearchedCharacters = 200;
inline constexpr int kMostSearchOffset = 10000;
bool is_too_long_to_search(std::string_view q);

struct SearchAnswer {
  std::vector<SearchResult> results;
  int total = 0;
  bool has_more = false;
  PerSearchFacet<std::vector<FacetValue>> facets;  // the most frequent first; years newest first
  std::string corrected;                           // "did you mean"; empty: as asked
};
// What everybody may find, the same for every reader. Each result is read from the database again
// before it is shown, so that what has just been hidden is not.
SearchAnswer search(const Environment& environment, const SearchRequest& request);

struct SearchSuggestion {
  domain::SearchKind kind = domain::SearchKind::meeting;
  std::string title;
  std::string path;
};
// Things whose titles go on like `q`; the best first.
std::vector<SearchSuggestion> suggest(const Environment& environment, const std::string& q,
                                      int limit);

}  // namespace narada::usecases
