#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "service/domain/page_read.h"
#include "sql/connection.h"

namespace narada::storage {

// Adds to the sums; what the key names no public thing any more, is left out.
void add_page_reads(Connection& connection, const domain::PageReads& reads);

// The most read public things of a kind since a day, the most read first.
struct MostRead {
  std::int64_t id = 0;
  std::string key;  // as in its address
  std::string title;
  std::int64_t count = 0;
};
std::vector<MostRead> list_most_read(Connection& connection, domain::ReadKind kind,
                                     domain::Date since, int limit);
// Of one thing, since a day; and over all the time that is known.
std::int64_t count_reads(Connection& connection, domain::ReadKind kind, std::int64_t id,
                         domain::Date since);
std::int64_t count_all_reads(Connection& connection, domain::ReadKind kind, std::int64_t id);
// Its months, the latest first, at most `limit`; of days and of sums alike.
struct ReadMonth {
  domain::Date month{};
  std::int64_t count = 0;
};
std::vector<ReadMonth> list_read_months(Connection& connection, domain::ReadKind kind,
                                        std::int64_t id, int limit);
// One day's rows before `before`, the earliest, become part of their months. False: there is none.
bool fold_earliest_day(Connection& connection, domain::Date before);

}  // namespace narada::storage
