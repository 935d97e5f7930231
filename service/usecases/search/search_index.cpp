#include "service/usecases/search/search_index.h"

#include <algorithm>
#include <limits>
#include <mutex>
#include <set>
#include <shared_mutex>

#include "service/usecases/search/search_words.h"

namespace narada::usecases {
namespace {

constexpr std::size_t kMostWordsOfText = 200000;

std::uint8_t one_more(std::uint8_t count) {
  return count == std::numeric_limits<std::uint8_t>::max() ? count
                                                           : static_cast<std::uint8_t>(count + 1);
}

}  // namespace

SearchIndex::Document SearchIndex::describe(const storage::SearchRow& row) {
  Document document;
  document.key = row.key;
  document.type = row.type;
  document.area = row.area;
  document.topic = row.topic;
  document.institutions = row.institutions;
  for (const auto population : row.populations) {
    const auto size = domain::size_of_population(population);
    if (std::find(document.sizes.begin(), document.sizes.end(), size) == document.sizes.end())
      document.sizes.push_back(size);
  }
  document.year = row.year;
  document.when = row.when;
  document.stamp = row.stamp;
  return document;
}

SearchIndex::TermNumber SearchIndex::term_of(const std::string& folded) {
  const auto [found, is_new] =
      vocabulary_.try_emplace(folded, static_cast<TermNumber>(terms_.size()));
  if (is_new) terms_.emplace_back();
  return found->second;
}

std::vector<SearchIndex::TermNumber> SearchIndex::normal_terms(const std::string& lower,
                                                               const std::string& folded) {
  std::vector<TermNumber> terms{term_of(folded)};
  if (terms_[terms.front()].shown.empty()) terms_[terms.front()].shown = lower;
  for (const auto& form : basic_forms(lower)) {
    const auto term = term_of(fold_search_text(form));
    if (std::find(terms.begin(), terms.end(), term) == terms.end()) terms.push_back(term);
  }
  return terms;
}

const std::vector<SearchIndex::TermNumber>& SearchIndex::terms_of_surface(
    const std::string& lower, const std::string& folded) {
  const auto found = surfaces_.find(lower);
  if (found != surfaces_.end()) return found->second;
  spellings_[folded].push_back(lower);
  return surfaces_.emplace(lower, normal_terms(lower, folded)).first->second;
}

void SearchIndex::index_text(std::string_view text, domain::SearchField field, Document& document,
                             std::unordered_map<TermNumber, Counts>& counts) {
  const auto at = static_cast<std::size_t>(field);
  std::size_t words = 0;
  for (const auto& word : split_search_words(text, kMostWordsOfText)) {
    ++words;
    for (const auto term : terms_of_surface(word.lower, word.folded)) {
      auto& count = counts[term][at];
      count = one_more(count);
    }
  }
  document.lengths[at] = static_cast<float>(words);
  total_lengths_[at] += static_cast<double>(words);
}

void SearchIndex::put(const storage::SearchRow& row) {
  const std::unique_lock lock(mutex_);
  remove_locked(row.key);
  const auto number = static_cast<DocumentNumber>(documents_.size());
  Document document = describe(row);
  std::unordered_map<TermNumber, Counts> counts;
  index_text(row.title, domain::SearchField::title, document, counts);
  index_text(row.names, domain::SearchField::names, document, counts);
  index_text(row.lead, domain::SearchField::lead, document, counts);
  index_text(row.body, domain::SearchField::body, document, counts);
  for (const auto& [term, count] : counts) terms_[term].postings.push_back({number, count});
  numbers_[row.key] = number;
  documents_.push_back(std::move(document));
}

void SearchIndex::remove(const storage::SearchKey& key) {
  const std::unique_lock lock(mutex_);
  remove_locked(key);
}

void SearchIndex::remove_locked(const storage::SearchKey& key) {
  const auto found = numbers_.find(key);
  if (found == numbers_.end()) return;
  Document& document = documents_[found->second];
  document.alive = false;
  for (std::size_t field = 0; field < domain::kSearchFieldCount; ++field)
    total_lengths_[field] -= static_cast<double>(document.lengths[field]);
  numbers_.erase(found);
}

std::size_t SearchIndex::size() const {
  const std::shared_lock lock(mutex_);
  return numbers_.size();
}

bool SearchIndex::has(const storage::SearchKey& key) const {
  const std::shared_lock lock(mutex_);
  return numbers_.contains(key);
}

std::optional<std::int64_t> SearchIndex::find_stamp(const storage::SearchKey& key) const {
  const std::shared_lock lock(mutex_);
  const auto found = numbers_.find(key);
  if (found == numbers_.end()) return std::nullopt;
  return documents_[found->second].stamp;
}

std::vector<storage::SearchKey> SearchIndex::keys() const {
  const std::shared_lock lock(mutex_);
  std::vector<storage::SearchKey> keys;
  for (const auto& [key, number] : numbers_) keys.push_back(key);
  return keys;
}

std::vector<storage::SearchKey> SearchIndex::keys_of_institution(std::int64_t institution) const {
  const std::shared_lock lock(mutex_);
  std::vector<storage::SearchKey> keys;
  for (const auto& [key, number] : numbers_) {
    const auto& ids = documents_[number].institutions;
    if (std::find(ids.begin(), ids.end(), institution) != ids.end()) keys.push_back(key);
  }
  return keys;
}

bool SearchIndex::is_worn() const {
  constexpr std::size_t kFewest = 1000;
  const std::shared_lock lock(mutex_);
  return documents_.size() > kFewest && numbers_.size() < documents_.size() / 2;
}

domain::PerSearchField<float> SearchIndex::averages() const {
  domain::PerSearchField<float> averages{};
  const auto documents = static_cast<double>(std::max<std::size_t>(1, numbers_.size()));
  for (std::size_t field = 0; field < domain::kSearchFieldCount; ++field)
    averages[field] = static_cast<float>(total_lengths_[field] / documents);
  return averages;
}

}  // namespace narada::usecases
