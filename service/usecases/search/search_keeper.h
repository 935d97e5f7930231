#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>

#include "service/domain/time.h"
#include "service/usecases/environment.h"
#include "service/usecases/search/search_index.h"
#include "sql/search_store.h"

namespace narada::usecases {

// The index of this process, in memory, and how it follows the database. Every search asks first
// what has changed: activity rows, which every write leaves in its own transaction, and materials
// whose time has come. So a search sees whatever was committed before it, by whichever process.
// What leaves no activity of its own is found when all rows are compared, at most ten seconds after
// some write and a minute after none. Thread-safe.
class SearchKeeper {
 public:
  // An index that holds what is public now; the first call builds it. It stays valid while held:
  // a rebuilt one takes its place for later searches.
  std::shared_ptr<SearchIndex> current(const Environment& environment);
  // One round of the job that looks after it: builds it anew beside the old one when somebody has
  // asked for that or when it is worn, and compares all rows when it is time. Searches go on.
  void look_after(const Environment& environment);

 private:
  struct State {
    std::shared_ptr<SearchIndex> index;
    std::int64_t generation = 0;
    std::int64_t newest_activity = 0;
    // Activities near the newest that have been looked at: transactions commit out of order.
    std::set<std::int64_t> seen;
    domain::Instant followed_at{};
    domain::Instant compared_at{};
    bool wrote_since = false;  // since all rows were compared
  };

  static State build(const Environment& environment);
  void follow(const Environment& environment);
  void take_changes(const Environment& environment,
                    const std::vector<storage::SearchChange>& changes);
  void compare(const Environment& environment, const std::vector<storage::SearchStamp>& stamps);
  void reload(const Environment& environment, const std::set<storage::SearchKey>& keys);

  std::mutex mutex_;
  State state_;
};

// Every process builds its index anew before its next search, and answers from the old one until
// then. Who asks is the command line.
void ask_for_new_search_index(const Environment& environment);

}  // namespace narada::usecases
