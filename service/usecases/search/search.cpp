#include "service/usecases/search/search.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "service/usecases/operations.h"
#include "service/usecases/search/search_keeper.h"
#include "service/usecases/search/search_words.h"
#include "sql/search_store.h"
#include "sql/topic_store.h"

namespace narada::usecases {
namespace {

constexpr std::size_t kExcerptOctets = 240;
constexpr std::size_t kMostPhraseCandidates = 500;
constexpr std::size_t kMostOfFacet = 12;

std::string path_of(const storage::SearchRow& row) {
  switch (row.key.kind) {
    case domain::SearchKind::meeting:
      return "/spotkania/" + row.slug;
    case domain::SearchKind::cycle:
      return "/cykle/" + row.slug;
    case domain::SearchKind::practice:
      return "/praktyki/" + row.slug;
    case domain::SearchKind::material:
      return "/materialy/" + std::to_string(row.key.id);
    case domain::SearchKind::institution:
      return "/gminy/" + (row.teryt.empty() ? "" : row.teryt + "-") + row.slug;
    case domain::SearchKind::expert:
      return "/prowadzacy/" + row.slug;
  }
  return "/";
}

using RowsByKey = std::map<storage::SearchKey, storage::SearchRow>;

RowsByKey load_rows(const Environment& environment, const std::set<storage::SearchKey>& keys) {
  RowsByKey rows;
  if (keys.empty()) return rows;
  for (auto& row : read_database(environment, [&](storage::Connection& connection) {
         return storage::find_search_rows(connection, keys, environment.clock->now());
       })) {
    const auto key = row.key;
    rows.emplace(key, std::move(row));
  }
  return rows;
}

bool has_phrases(const storage::SearchRow& row, const std::vector<std::string>& phrases) {
  const std::string text = " " + fold_search_text(row.title) + " \n " +
                           fold_search_text(row.names) + " \n " + fold_search_text(row.lead) +
                           " \n " + fold_search_text(row.body) + " ";
  return std::all_of(phrases.begin(), phrases.end(), [&](const std::string& phrase) {
    return text.find(" " + phrase + " ") != std::string::npos;
  });
}

// Leaves only hits in which the phrases stand word by word.
void keep_phrases(const Environment& environment, SearchFinding& finding) {
  if (finding.phrases.empty()) return;
  if (finding.hits.size() > kMostPhraseCandidates) finding.hits.resize(kMostPhraseCandidates);
  std::set<storage::SearchKey> keys;
  for (const auto& hit : finding.hits) keys.insert(hit.key);
  const auto rows = load_rows(environment, keys);
  std::erase_if(finding.hits, [&](const SearchHit& hit) {
    const auto row = rows.find(hit.key);
    return row == rows.end() || !has_phrases(row->second, finding.phrases);
  });
}

SearchResult describe(const storage::SearchRow& row, const std::vector<std::string>& matched) {
  SearchResult result;
  result.kind = row.key.kind;
  result.id = row.key.id;
  result.slug = row.slug;
  result.teryt = row.teryt;
  result.title = row.title;
  result.path = path_of(row);
  result.lead = row.lead;
  result.of = row.of;
  result.times = row.times;
  result.marked_title = mark_matches(row.title, matched);
  const auto is_marked = [](const Excerpt& excerpt) {
    return std::any_of(excerpt.begin(), excerpt.end(),
                       [](const ExcerptPiece& piece) { return piece.matched; });
  };
  result.excerpt = make_excerpt(row.lead, matched, kExcerptOctets);
  for (const auto* text : {&row.body, &row.names}) {
    if (is_marked(result.excerpt)) break;
    auto other = make_excerpt(*text, matched, kExcerptOctets);
    if (is_marked(other) || result.excerpt.empty()) result.excerpt = std::move(other);
  }
  return result;
}

std::map<std::string, std::pair<std::string, std::string>> load_names(
    const Environment& environment, SearchFacet facet, const std::map<std::string, int>& counts) {
  std::map<std::string, std::pair<std::string, std::string>> names;
  if (facet != SearchFacet::topic && facet != SearchFacet::institution) return names;
  read_database(environment, [&](storage::Connection& connection) {
    names.clear();
    if (facet == SearchFacet::topic) {
      for (const auto& topic : storage::list_topics(connection))
        names[std::to_string(topic.id.value)] = {topic.name, topic.name_en};
      return true;
    }
    std::vector<std::int64_t> ids;
    for (const auto& [value, count] : counts) ids.push_back(std::stoll(value));
    for (const auto& found : storage::find_institution_names(connection, ids))
      names[std::to_string(found.id)] = {found.name, {}};
    return true;
  });
  return names;
}

std::vector<FacetValue> list_values(const Environment& environment, SearchFacet facet,
                                    const std::map<std::string, int>& counts,
                                    const std::vector<std::string>& chosen) {
  std::vector<FacetValue> values;
  for (const auto& [value, count] : counts) {
    const bool is_chosen = std::find(chosen.begin(), chosen.end(), value) != chosen.end();
    values.push_back({value, {}, {}, count, is_chosen});
  }
  std::sort(values.begin(), values.end(), [&](const FacetValue& a, const FacetValue& b) {
    if (facet == SearchFacet::year) return a.value > b.value;
    return a.count != b.count ? a.count > b.count : a.value < b.value;
  });
  std::size_t place = 0;
  std::erase_if(values,
                [&](const FacetValue& value) { return place++ >= kMostOfFacet && !value.chosen; });
  std::map<std::string, int> shown;
  for (const auto& value : values) shown[value.value] = value.count;
  const auto names = load_names(environment, facet, shown);
  for (auto& value : values) {
    if (const auto name = names.find(value.value); name != names.end())
      std::tie(value.name, value.name_en) = name->second;
  }
  return values;
}

}  // namespace

// Of UTF-8, in characters.
bool is_too_long_to_search(std::string_view q) {
  return std::count_if(q.begin(), q.end(), [](char c) {
           return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
         }) > static_cast<std::ptrdiff_t>(kMostSearchedCharacters);
}

SearchAnswer search(const Environment& environment, const SearchRequest& request) {
  SearchAnswer answer;
  const auto index = environment.search->current(environment);
  auto finding =
      index->find({.text = request.q, .chosen = request.chosen, .now = environment.clock->now()});
  keep_phrases(environment, finding);
  const auto begin = std::min(finding.hits.size(), static_cast<std::size_t>(request.offset));
  const auto end = std::min(finding.hits.size(), begin + static_cast<std::size_t>(request.limit));
  std::set<storage::SearchKey> keys;
  for (auto at = begin; at < end; ++at) keys.insert(finding.hits[at].key);
  const auto rows = load_rows(environment, keys);
  for (auto at = begin; at < end; ++at) {
    const auto row = rows.find(finding.hits[at].key);
    if (row != rows.end()) answer.results.push_back(describe(row->second, finding.matched));
  }
  answer.total = static_cast<int>(finding.hits.size() - (keys.size() - rows.size()));
  answer.has_more = end < finding.hits.size();
  answer.corrected = std::move(finding.corrected);
  for (std::size_t facet = 0; facet < kSearchFacetCount; ++facet)
    answer.facets[facet] = list_values(environment, static_cast<SearchFacet>(facet),
                                       finding.counts[facet], request.chosen[facet]);
  return answer;
}

std::vector<SearchSuggestion> suggest(const Environment& environment, const std::string& q,
                                      int limit) {
  const auto index = environment.search->current(environment);
  auto finding = index->find(
      {.text = q, .titles_only = true, .last_is_begun = true, .now = environment.clock->now()});
  if (finding.hits.size() > static_cast<std::size_t>(limit))
    finding.hits.resize(static_cast<std::size_t>(limit));
  std::set<storage::SearchKey> keys;
  for (const auto& hit : finding.hits) keys.insert(hit.key);
  const auto rows = load_rows(environment, keys);
  std::vector<SearchSuggestion> suggestions;
  for (const auto& hit : finding.hits) {
    const auto row = rows.find(hit.key);
    if (row != rows.end())
      suggestions.push_back({hit.key.kind, row->second.title, path_of(row->second)});
  }
  return suggestions;
}

}  // namespace narada::usecases
