#include <algorithm>
#include <set>

#include "service/usecases/search/search_index.h"
#include "service/usecases/search/search_words.h"

namespace narada::usecases {
namespace {

constexpr double kAsWritten = 1.0;
constexpr double kBasicForm = 0.9;
constexpr double kBegun = 0.8;
constexpr double kMisspelt = 0.7;
constexpr double kKin = 0.3;
constexpr std::size_t kMostKin = 40;
constexpr std::size_t kMostWordsAsked = 12;

// What stands between quotation marks, folded; a mark without its partner is none.
std::vector<std::string> phrases_of(const std::string& text) {
  std::string plain = text;
  for (const std::string_view mark : {"„", "”", "“", "»", "«"}) {
    for (auto at = plain.find(mark); at != std::string::npos; at = plain.find(mark, at))
      plain.replace(at, mark.size(), "\"");
  }
  std::vector<std::string> phrases;
  for (auto begin = plain.find('"'); begin != std::string::npos;) {
    const auto end = plain.find('"', begin + 1);
    if (end == std::string::npos) break;
    auto phrase = fold_search_text(plain.substr(begin + 1, end - begin - 1));
    if (phrase.find(' ') != std::string::npos) phrases.push_back(std::move(phrase));
    begin = plain.find('"', end + 1);
  }
  return phrases;
}

// What is asked without small words; all of them where there are no others.
std::vector<SearchWord> telling_words(const std::string& text) {
  auto words = split_search_words(text, 4 * kMostWordsAsked);
  auto telling = words;
  std::erase_if(telling, [](const SearchWord& word) { return is_small_word(word.folded); });
  if (telling.empty()) telling = std::move(words);
  if (telling.size() > kMostWordsAsked) telling.resize(kMostWordsAsked);
  return telling;
}

}  // namespace

// Of every document, by its number.
struct SearchIndex::Scores {
  std::vector<float> best;             // of the word at hand
  std::vector<float> sums;             // of all words
  std::vector<std::uint8_t> found;     // how many words
  std::vector<std::uint8_t> in_title;  // how many of them, as they are meant
  std::vector<bool> hits_title;        // the word at hand
  std::vector<DocumentNumber> touched;
};

bool SearchIndex::add(const std::string& folded, double weight, Asked& asked,
                      std::vector<std::string>& matched) const {
  const auto found = vocabulary_.find(folded);
  if (found == vocabulary_.end()) return false;
  for (const auto& expansion : asked.expansions) {
    if (expansion.term == found->second) return true;
  }
  asked.expansions.push_back({found->second, weight});
  matched.push_back(folded);
  return true;
}

// The word, its basic forms, and those of words that differ from it by diacritics alone.
void SearchIndex::add_known(const std::string& lower, const std::string& folded, Asked& asked,
                            std::vector<std::string>& matched) const {
  add(folded, kAsWritten, asked, matched);
  const auto& forms = basic_forms(lower);
  for (const auto& form : forms) add(fold_search_text(form), kBasicForm, asked, matched);
  if (lower != folded) return;
  if (const auto spellings = spellings_.find(folded); spellings != spellings_.end()) {
    for (const auto& spelling : spellings->second) {
      for (const auto& form : basic_forms(spelling))
        add(fold_search_text(form), kBasicForm, asked, matched);
    }
  }
  if (!forms.empty()) return;
  for (const auto& form : basic_forms_with_diacritics(folded))
    add(fold_search_text(form), kBasicForm, asked, matched);
}

void SearchIndex::add_beginnings(const std::string& folded, Asked& asked,
                                 std::vector<std::string>& matched) const {
  std::size_t added = 0;
  for (auto term = vocabulary_.lower_bound(folded);
       term != vocabulary_.end() && term->first.starts_with(folded) && added < kMostKin;
       ++term, ++added)
    add(term->first, kBegun, asked, matched);
}

// Words of one family: "bezdomny" and "bezdomność", "Bytom" and "bytomski".
void SearchIndex::add_kin(const std::string& folded, Asked& asked,
                          std::vector<std::string>& matched) const {
  constexpr std::size_t kRoot = 4;
  if (folded.size() < kRoot) return;
  const auto root = std::string_view(folded).substr(0, kRoot);
  std::vector<std::pair<double, const std::string*>> kin;
  for (auto term = vocabulary_.lower_bound(root);
       term != vocabulary_.end() && term->first.starts_with(root); ++term) {
    const double nearness = domain::measure_kinship(folded, term->first);
    if (nearness > 0) kin.emplace_back(-nearness, &term->first);
  }
  std::sort(kin.begin(), kin.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first, *a.second) < std::pair(b.first, *b.second);
  });
  if (kin.size() > kMostKin) kin.resize(kMostKin);
  for (const auto& [nearness, word] : kin) add(*word, kKin * -nearness, asked, matched);
}

void SearchIndex::add_misspelt(const std::string& folded, Asked& asked,
                               std::vector<std::string>& matched) const {
  const int most = domain::forgiven_typing_errors(folded.size());
  if (most == 0) return;
  int least = most;
  std::vector<std::pair<int, Vocabulary::const_iterator>> near;
  for (auto term = vocabulary_.begin(); term != vocabulary_.end(); ++term) {
    if (terms_[term->second].postings.empty()) continue;
    const int errors = domain::count_typing_errors(folded, term->first, least);
    if (errors > least) continue;
    least = errors;
    near.emplace_back(errors, term);
  }
  std::size_t most_used = 0;
  for (const auto& [errors, term] : near) {
    if (errors > least) continue;
    add(term->first, kMisspelt, asked, matched);
    const Term& word = terms_[term->second];
    if (word.shown.empty()) continue;
    for (const auto& form : basic_forms(word.shown))
      add(fold_search_text(form), kMisspelt * kBasicForm, asked, matched);
    if (word.postings.size() <= most_used) continue;
    most_used = word.postings.size();
    asked.corrected = word.shown;
  }
}

SearchIndex::Asked SearchIndex::ask(const std::string& lower, const std::string& folded, bool begun,
                                    std::vector<std::string>& matched) const {
  Asked asked;
  add_known(lower, folded, asked, matched);
  if (begun) add_beginnings(folded, asked, matched);
  const auto is_used = [&](const Expansion& expansion) {
    const auto& postings = terms_[expansion.term].postings;
    return std::any_of(postings.begin(), postings.end(),
                       [&](const Posting& posting) { return documents_[posting.document].alive; });
  };
  const bool known = std::any_of(asked.expansions.begin(), asked.expansions.end(), is_used);
  if (!known) add_misspelt(folded, asked, matched);
  add_kin(folded, asked, matched);
  return asked;
}

void SearchIndex::score(const Asked& asked, bool titles_only, Scores& scores) const {
  const auto averages = this->averages();
  const std::size_t living = numbers_.size();
  std::vector<DocumentNumber> hit;
  // Its forms are one word: how common it is is the same for all of them, whichever is rare.
  std::size_t with = 0;
  for (const auto& expansion : asked.expansions) {
    if (expansion.weight > kKin) with = std::max(with, terms_[expansion.term].postings.size());
  }
  for (const auto& expansion : asked.expansions) {
    const auto& postings = terms_[expansion.term].postings;
    const double idf =
        domain::weigh_word(living, std::max(with, postings.size())) * expansion.weight;
    for (const Posting& posting : postings) {
      const Document& document = documents_[posting.document];
      if (!document.alive) continue;
      if (titles_only && posting.counts[0] == 0) continue;
      const auto value =
          static_cast<float>(domain::score_word(idf, posting.counts, document.lengths, averages));
      auto& best = scores.best[posting.document];
      if (best == 0) hit.push_back(posting.document);
      if (posting.counts[0] > 0 && expansion.weight > kKin)
        scores.hits_title[posting.document] = true;
      best = std::max(best, value);
    }
  }
  for (const auto number : hit) {
    if (scores.found[number]++ == 0) scores.touched.push_back(number);
    scores.sums[number] += scores.best[number];
    scores.best[number] = 0;
    if (scores.hits_title[number]) ++scores.in_title[number];
    scores.hits_title[number] = false;
  }
}

namespace {

template <class T>
std::vector<std::string> texts_of(const std::vector<T>& values) {
  std::vector<std::string> texts;
  for (const auto& value : values) {
    if constexpr (std::is_same_v<T, domain::MunicipalitySize>)
      texts.emplace_back(to_string(value));
    else
      texts.push_back(std::to_string(value));
  }
  return texts;
}

std::vector<std::string> one_if(const std::string& text) {
  if (text.empty()) return {};
  return {text};
}

bool has_any(const std::vector<std::string>& values, const std::vector<std::string>& chosen) {
  return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
    return std::find(chosen.begin(), chosen.end(), value) != chosen.end();
  });
}

}  // namespace

void SearchIndex::count_facets(const Document& document, const SearchChoice& chosen,
                               SearchFinding& finding, bool& chosen_all) const {
  const PerSearchFacet<std::vector<std::string>> values{
      std::vector<std::string>{std::string(to_string(document.key.kind))},
      one_if(document.type),
      one_if(document.area),
      document.topic ? one_if(std::to_string(*document.topic)) : std::vector<std::string>{},
      texts_of(document.institutions),
      document.year ? one_if(std::to_string(*document.year)) : std::vector<std::string>{},
      texts_of(document.sizes)};
  std::size_t missed = 0;
  std::size_t which = 0;
  for (std::size_t facet = 0; facet < kSearchFacetCount; ++facet) {
    if (chosen[facet].empty() || has_any(values[facet], chosen[facet])) continue;
    ++missed;
    which = facet;
  }
  chosen_all = missed == 0;
  for (std::size_t facet = 0; facet < kSearchFacetCount; ++facet) {
    if (missed > 1 || (missed == 1 && facet != which)) continue;
    for (const auto& value : values[facet]) ++finding.counts[facet][value];
  }
}

SearchFinding SearchIndex::find(const SearchQuery& query) const {
  const std::shared_lock lock(mutex_);
  SearchFinding finding;
  finding.phrases = phrases_of(query.text);
  const auto words = telling_words(query.text);
  Scores scores;
  scores.best.resize(documents_.size());
  scores.sums.resize(documents_.size());
  scores.found.resize(documents_.size());
  scores.in_title.resize(documents_.size());
  scores.hits_title.resize(documents_.size());
  for (std::size_t at = words.size(); at-- > 0;) {
    const auto& word = words[at];
    const bool begun = query.last_is_begun && at + 1 == words.size();
    const auto asked = ask(word.lower, word.folded, begun, finding.matched);
    score(asked, query.titles_only, scores);
    if (asked.corrected.empty()) continue;
    if (finding.corrected.empty()) finding.corrected = query.text;
    // From the last word to the first, so that what stands before keeps its place.
    finding.corrected.replace(word.begin, word.end - word.begin, asked.corrected);
  }
  const std::size_t least = finding.phrases.empty() ? (words.size() + 1) / 2 : words.size();
  for (const auto number : scores.touched) {
    if (scores.found[number] < least) continue;
    const Document& document = documents_[number];
    bool chosen = false;
    count_facets(document, query.chosen, finding, chosen);
    if (!chosen) continue;
    const double score = static_cast<double>(scores.sums[number]) *
                         domain::weigh_coverage(scores.found[number], words.size()) *
                         domain::weigh_title(scores.in_title[number],
                                             static_cast<std::size_t>(document.lengths[0])) *
                         domain::weigh_recency(document.when, query.now);
    finding.hits.push_back({document.key, score});
  }
  std::sort(finding.hits.begin(), finding.hits.end(), [](const SearchHit& a, const SearchHit& b) {
    if (a.score != b.score) return a.score > b.score;
    return a.key < b.key;
  });
  return finding;
}

}  // namespace narada::usecases
