#include "service/usecases/reads/page_reads.h"

#include <chrono>

#include "calendar/zone.h"
#include "service/usecases/operations.h"
#include "service/usecases/people/people.h"
#include "sql/error.h"
#include "sql/page_read_store.h"
#include "sql/pool.h"

namespace narada::usecases {
namespace {

using domain::PageReads;
using domain::ReadKind;

constexpr int kMonthsShown = 12;

domain::Date day_of(domain::Instant now) {
  return domain::Date(
      std::chrono::floor<std::chrono::days>(calendar::to_wall_time(now, domain::kDefaultZone)));
}

domain::Date days_before(domain::Date day, int days) {
  return domain::Date(std::chrono::local_days(day) - std::chrono::days(days));
}

std::string path_of(ReadKind kind, const std::string& key) {
  switch (kind) {
    case ReadKind::practice:
      return "/praktyki/" + key;
    case ReadKind::meeting:
      return "/spotkania/" + key;
    case ReadKind::cycle:
      return "/cykle/" + key;
    case ReadKind::material:
      break;
  }
  return "/materialy/" + key;
}

}  // namespace

void ReadCounter::add(const Key& key, std::int64_t count) {
  const auto found = counts_.find(key);
  if (found != counts_.end())
    found->second += count;
  else if (counts_.size() < kMostPages)
    counts_.emplace(key, count);
}

void ReadCounter::count(ReadKind kind, std::string_view key, domain::Instant now) {
  const Key page{kind, std::string(key), day_of(now)};
  const std::lock_guard lock(mutex_);
  add(page, 1);
}

std::vector<PageReads> ReadCounter::take() {
  std::map<Key, std::int64_t> counts;
  {
    const std::lock_guard lock(mutex_);
    counts.swap(counts_);
  }
  std::vector<PageReads> reads;
  for (const auto& [key, count] : counts)
    reads.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), count});
  return reads;
}

void ReadCounter::give_back(const std::vector<PageReads>& reads) {
  const std::lock_guard lock(mutex_);
  for (const auto& one : reads) add({one.kind, one.key, one.day}, one.count);
}

// The rows are taken in the order of their keys, so that processes do not wait in a circle.
void save_page_reads(const Environment& environment, ReadCounter& counter) {
  const auto reads = counter.take();
  if (reads.empty()) return;
  try {
    environment.pool->transact([&](storage::Connection& connection) {
      for (const auto& one : reads) storage::add_page_reads(connection, one);
    });
  } catch (const storage::Error&) {
    counter.give_back(reads);
    throw;
  }
}

void fold_old_reads(const Environment& environment, const std::stop_token& stopping) {
  const auto before = days_before(day_of(environment.clock->now()),
                                  static_cast<int>(domain::kDailyReadsKept.count()));
  bool more = true;
  while (more && !stopping.stop_requested()) {
    more = environment.pool->transact([&](storage::Connection& connection) {
      return storage::fold_earliest_day(connection, before);
    });
  }
}

domain::Outcome<std::vector<MostReadPage>> load_most_read(const Environment& environment,
                                                          const Actor& actor, ReadKind kind,
                                                          int days, int limit) {
  if (!has_panel(actor)) return domain::Forbidden{};
  const auto since = days_before(day_of(environment.clock->now()), days - 1);
  const auto rows = read_database(environment, [&](storage::Connection& connection) {
    return storage::list_most_read(connection, kind, since, limit);
  });
  std::vector<MostReadPage> pages;
  for (const auto& row : rows)
    pages.push_back({row.id, path_of(kind, row.key), row.title, row.count});
  return pages;
}

ReadNumbers load_read_numbers(const Environment& environment, ReadKind kind, std::int64_t id) {
  const auto today = day_of(environment.clock->now());
  return read_database(environment, [&](storage::Connection& connection) {
    ReadNumbers numbers;
    numbers.week = storage::count_reads(connection, kind, id, days_before(today, 6));
    numbers.month = storage::count_reads(connection, kind, id, days_before(today, 29));
    numbers.all = storage::count_all_reads(connection, kind, id);
    for (const auto& month : storage::list_read_months(connection, kind, id, kMonthsShown))
      numbers.months.push_back({month.month, month.count});
    return numbers;
  });
}

}  // namespace narada::usecases
