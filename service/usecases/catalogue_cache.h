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
  // Entries beyond either bound drop all there are. Octets are as the callers estimate them.
  explicit CatalogueCache(std::size_t most_entries = 1024, std::size_t most_octets = 64U << 20)
      : most_entries_(most_entries), most_octets_(most_octets) {}

  // After COMMIT of any transaction that changed what the public pages show.
  void note_write() { generation_.fetch_add(1, std::memory_order_acq_rel); }
  // Rises with each note_write(). Together with the second of the clock it validates what a caller
  // keeps of its own, such as a rendered page; it is read before that page's facts are.
  std::uint64_t generation() const { return generation_.load(std::memory_order_acquire); }

  // What one meeting, cycle or practice of a list, or one page of its own, takes at most, nearly
  // always.
  static constexpr std::size_t kUsualOctets = 4096;
  struct UsualSize {
    template <class T>
    std::size_t operator()(const T& value) const {
      if constexpr (requires { value.items.size(); })
        return (value.items.size() + 1) * kUsualOctets;
      if constexpr (requires { value.size(); }) return (value.size() + 1) * kUsualOctets;
      return kUsualOctets;
    }
  };

  // The value under `key`, from `load` (which returns a T) when there is none that is fresh. Each
  // key names its T. `octets_of` tells what a T takes. What load throws passes through and nothing
  // is kept; neither is a value too large for the cache.
  template <class T, class Load, class OctetsOf = UsualSize>
  std::shared_ptr<const T> find_or_load(const std::string& key, domain::Instant now, Load load,
                                        OctetsOf octets_of = {}) {
    // Before the load: a write that commits while it runs makes what it returns stale.
    const std::uint64_t generation = this->generation();
    if (auto found = find(key, now, generation)) return std::static_pointer_cast<const T>(found);
    auto loaded = std::make_shared<const T>(load());
    keep(key, now, generation, loaded, octets_of(*loaded) + key.size());
    return loaded;
  }

 private:
  struct Entry {
    std::shared_ptr<const void> value;
    domain::Instant loaded_at{};
    std::uint64_t generation = 0;
    std::size_t octets = 0;
  };
  std::shared_ptr<const void> find(const std::string& key, domain::Instant now,
                                   std::uint64_t generation) const;
  void keep(const std::string& key, domain::Instant now, std::uint64_t generation,
            std::shared_ptr<const void> value, std::size_t octets);

  const std::size_t most_entries_;
  const std::size_t most_octets_;
  std::atomic<std::uint64_t> generation_{0};
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
  std::size_t octets_ = 0;  // of all entries
};

}  // namespace narada::usecases
