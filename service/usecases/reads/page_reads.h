#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "service/domain/outcome.h"
#include "service/domain/page_read.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Readings that are not stored yet: sums by page and day, of this process. Thread-safe, and never
// waits for long. More than so many pages between two savings are not counted, so that nobody fills
// the memory.
class ReadCounter {
 public:
  static constexpr std::size_t kMostPages = 20'000;

  void count(domain::ReadKind kind, std::string_view key, domain::Instant now);
  // All there are; it begins anew.
  std::vector<domain::PageReads> take();
  // What could not be stored; counted again.
  void give_back(const std::vector<domain::PageReads>& reads);

 private:
  using Key = std::tuple<domain::ReadKind, std::string, domain::Date>;
  void add(const Key& key, std::int64_t count);

  std::mutex mutex_;
  std::map<Key, std::int64_t> counts_;
};

// Stores what has been counted; when the database cannot be reached, the counter keeps it.
void save_page_reads(const Environment&, ReadCounter&);
// Days that are older than kDailyReadsKept become months.
void fold_old_reads(const Environment&, const std::stop_token&);

struct MostReadPage {
  std::int64_t id = 0;
  std::string path;  // "/praktyki/zielony-przystanek"
  std::string title;
  std::int64_t count = 0;
};
// Of public pages, over the last `days`; for who organizes something, Forbidden otherwise.
domain::Outcome<std::vector<MostReadPage>> load_most_read(const Environment&, const Actor&,
                                                          domain::ReadKind, int days, int limit);
struct ReadNumbers {
  std::int64_t week = 0;   // the last seven days
  std::int64_t month = 0;  // the last thirty
  std::int64_t all = 0;    // ever
  struct Month {
    domain::Date first{};  // its first day
    std::int64_t count = 0;
  };
  std::vector<Month> months;  // the latest first, at most a year
};
// Of one thing; the caller has made sure that its reader may see its numbers.
ReadNumbers load_read_numbers(const Environment&, domain::ReadKind, std::int64_t id);

}  // namespace narada::usecases
