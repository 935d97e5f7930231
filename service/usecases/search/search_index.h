#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "service/domain/municipality_size.h"
#include "service/domain/search.h"
#include "service/domain/time.h"
#include "sql/search_store.h"

namespace narada::usecases {

// By what results are narrowed; several values of one facet widen it, several facets narrow.
enum class SearchFacet : std::uint8_t { kind, type, area, topic, institution, year, size };
inline constexpr std::size_t kSearchFacetCount = 7;
template <class T>
using PerSearchFacet = std::array<T, kSearchFacetCount>;
// Values as texts: "practice", "procedural", "12" (an id), "2021", "to_20k".
using SearchChoice = PerSearchFacet<std::vector<std::string>>;

struct SearchQuery {
  std::string text;
  SearchChoice chosen = {};
  bool titles_only = false;    // for suggestions
  bool last_is_begun = false;  // the last word is still being typed
  domain::Instant now{};
};

struct SearchHit {
  storage::SearchKey key;
  double score = 0;
};

struct SearchFinding {
  std::vector<SearchHit> hits;  // the best first, all of them
  // How many there would be of each value if its facet were not chosen.
  PerSearchFacet<std::map<std::string, int>> counts;
  std::vector<std::string> matched;  // folded words and basic forms that were looked for
  std::vector<std::string> phrases;  // between quotation marks, folded: not looked at here
  std::string corrected;             // the text with the words that are there; empty: as asked
};

// Words of documents, in memory. Every word stands in it as it is written, without diacritics, and
// by all its basic forms, without diacritics too. Thread-safe: readers beside one writer.
class SearchIndex {
 public:
  // Adds a document or replaces the one with its key.
  void put(const storage::SearchRow& row);
  void remove(const storage::SearchKey& key);
  SearchFinding find(const SearchQuery& query) const;

  std::size_t size() const;
  bool has(const storage::SearchKey& key) const;
  // Absent: not there.
  std::optional<std::int64_t> find_stamp(const storage::SearchKey& key) const;
  std::vector<storage::SearchKey> keys() const;
  std::vector<storage::SearchKey> keys_of_institution(std::int64_t institution) const;
  // Most of what is in memory is of documents that are gone: it should be built anew.
  bool is_worn() const;

 private:
  using DocumentNumber = std::uint32_t;
  using TermNumber = std::uint32_t;
  using Counts = domain::PerSearchField<std::uint8_t>;
  struct Document {
    storage::SearchKey key;
    bool alive = true;
    domain::PerSearchField<float> lengths{};  // words
    std::string type;
    std::string area;
    std::optional<std::int64_t> topic;
    std::vector<std::int64_t> institutions;
    std::vector<domain::MunicipalitySize> sizes;
    std::optional<int> year;
    std::optional<domain::Instant> when;
    std::int64_t stamp = 0;
  };
  struct Posting {
    DocumentNumber document = 0;
    Counts counts{};
  };
  struct Term {
    std::vector<Posting> postings;
    std::string shown;  // as it is written, with diacritics; empty: a basic form alone
  };
  using Vocabulary = std::map<std::string, TermNumber, std::less<>>;
  // A term that stands for a word of the query, and how well.
  struct Expansion {
    TermNumber term = 0;
    double weight = 1;
  };
  struct Asked {
    std::vector<Expansion> expansions;
    std::string corrected;  // empty: the word is there
  };
  struct Scores;

  static Document describe(const storage::SearchRow& row);
  TermNumber term_of(const std::string& folded);
  void remove_locked(const storage::SearchKey& key);
  void index_text(std::string_view text, domain::SearchField field, Document& document,
                  std::unordered_map<TermNumber, Counts>& counts);
  std::vector<TermNumber> normal_terms(const std::string& lower, const std::string& folded);
  const std::vector<TermNumber>& terms_of_surface(const std::string& lower,
                                                  const std::string& folded);
  Asked ask(const std::string& lower, const std::string& folded, bool begun,
            std::vector<std::string>& matched) const;
  void add_known(const std::string& lower, const std::string& folded, Asked& asked,
                 std::vector<std::string>& matched) const;
  void add_beginnings(const std::string& folded, Asked& asked,
                      std::vector<std::string>& matched) const;
  void add_kin(const std::string& folded, Asked& asked, std::vector<std::string>& matched) const;
  void add_misspelt(const std::string& folded, Asked& asked,
                    std::vector<std::string>& matched) const;
  bool add(const std::string& folded, double weight, Asked& asked,
           std::vector<std::string>& matched) const;
  void score(const Asked& asked, bool titles_only, Scores& scores) const;
  void count_facets(const Document& document, const SearchChoice& chosen, SearchFinding& finding,
                    bool& chosen_all) const;
  domain::PerSearchField<float> averages() const;

  mutable std::shared_mutex mutex_;
  std::vector<Document> documents_;
  std::map<storage::SearchKey, DocumentNumber> numbers_;  // of the living
  Vocabulary vocabulary_;
  std::vector<Term> terms_;
  std::unordered_map<std::string, std::vector<TermNumber>> surfaces_;  // lower case, all its terms
  std::unordered_map<std::string, std::vector<std::string>> spellings_;  // folded: lower case
  domain::PerSearchField<double> total_lengths_{};                       // of the living
};

}  // namespace narada::usecases
