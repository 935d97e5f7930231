#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "service/domain/time.h"

namespace narada::usecases {

// What everybody may read of the catalogue (published meetings, cycles, practices, their lists and
// feeds, seat counters included), kept for a moment so that a busy public page does not ask the
// database each time. An entry is used only within the second of the clock in which it was loaded,
// and only until the next note_write() of this process. So a write of this process is seen at once
// by every reader of this process, and a write of another process after at most one second.
// Whoever decides anything (a seat, a version, an edit) reads the database, never this.
// Thread-safe.
class CatalogueCache {
 public:
  explicit CatalogueCache(std::size_t most_entries = 1024) : most_entries_(most_entries) {}

  // After COMMIT of any transaction that changed what the public pages show.
  void note_write() { generation_.fetch_add(1, std::memory_order_acq_rel); }
  // Rises with each note_write(). Together with the second of the clock it validates what a caller
  // keeps of its own, such as a rendered page; it is read before that page's facts are.
  std::uint64_t generation() const { return generation_.load(std::memory_order_acquire); }

  // The value under `key`, from `load` (which returns a T) when there is none that is fresh. Each
  // key names its T. What load throws passes through and nothing is kept.
  template <class T, class Load>
  std::shared_ptr<const T> find_or_load(const std::string& key, domain::Instant now, Load load) {
    // Before the load: a write that commits while it runs makes what it returns stale.
    const std::uint64_t generation = this->generation();
    if (auto found = find(key, now, generation)) return std::static_pointer_cast<const T>(found);
    auto loaded = std::make_shared<const T>(load());
    keep(key, now, generation, loaded);
    return loaded;
  }

 private:
  struct Entry {
    std::shared_ptr<const void> value;
    domain::Instant loaded_at{};
    std::uint64_t generation = 0;
  };
  std::shared_ptr<const void> find(const std::string& key, domain::Instant now,
                                   std::uint64_t generation) const;
  void keep(const std::string& key, domain::Instant now, std::uint64_t generation,
            std::shared_ptr<const void> value);

  const std::size_t most_entries_;
  std::atomic<std::uint64_t> generation_{0};
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace narada::usecases
