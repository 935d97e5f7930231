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
                          std::shared_ptr<const void> value, std::size_t octets) {
  if (octets > most_octets_) return;
  // What leaves the map is destroyed after the lock: freeing a thousand pages takes a while.
  std::unordered_map<std::string, Entry> dropped;
  Entry entry{std::move(value), now, generation, octets};
  const std::unique_lock lock(mutex_);
  const auto found = entries_.find(key);
  const std::size_t replaced = found == entries_.end() ? 0 : found->second.octets;
  const bool one_too_many = found == entries_.end() && entries_.size() >= most_entries_;
  if (one_too_many || octets_ - replaced + octets > most_octets_) {
    dropped.swap(entries_);
    octets_ = 0;
  } else {
    octets_ -= replaced;
  }
  octets_ += octets;
  std::swap(entries_[key], entry);
}

}  // namespace narada::usecases
