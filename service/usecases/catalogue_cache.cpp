#include "service/usecases/catalogue_cache.h"

#include <mutex>

namespace narada::usecases {

std::shared_ptr<const void> CatalogueCache::find(const std::string& key, domain::Instant now,
                                                 std::uint64_t generation) const {
  const std::shared_lock lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return nullptr;
  const Entry& entry = found->second;
  if (entry.loaded_at != now || entry.generation != generation) return nullptr;
  return entry.value;
}

void CatalogueCache::keep(const std::string& key, domain::Instant now, std::uint64_t generation,
                          std::shared_ptr<const void> value) {
  // What leaves the map is destroyed after the lock: freeing a thousand pages takes a while.
  std::unordered_map<std::string, Entry> dropped;
  Entry entry{std::move(value), now, generation};
  const std::unique_lock lock(mutex_);
  if (entries_.size() >= most_entries_ && !entries_.contains(key)) dropped.swap(entries_);
  std::swap(entries_[key], entry);
}

}  // namespace narada::usecases
