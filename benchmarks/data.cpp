// Fills a migrated database with published meetings around today, for scenarios that show how cost
// grows: narada_bench_data DATABASE-URL COUNT

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "service/domain/time.h"
#include "sql/migrations.h"
#include "sql/pool.h"

namespace {

using namespace narada;

constexpr int kBatch = 100;  // rows of one INSERT

constexpr std::string_view kInsertHead =
    "INSERT INTO meeting (slug, title, form, status, starts, ends, tzid, starts_at, ends_at, "
    "summary, "
    "description, onsite_offered, onsite_capacity, online_offered, online_capacity, uid, caveat, "
    "created_at, updated_at, published_at) VALUES ";
constexpr std::string_view kInsertRow =
    "(?, ?, 'workshop', 'published', ?, ?, 'Europe/Warsaw', ?, ?, ?, ?, 1, 1000000, 1, 1000000, ?, "
    "'', ?, ?, ?)";

// One hour apart, four in five of them over: a service that has run for years.
void insert_batch(storage::Connection& connection, int first, int count, int total,
                  domain::Instant now) {
  std::string sql(kInsertHead);
  std::vector<storage::Parameter> parameters;
  for (int i = first; i < first + count; ++i) {
    sql += i == first ? "" : ", ";
    sql += kInsertRow;
    const auto starts = now + std::chrono::hours(i - total * 4 / 5) + std::chrono::minutes(30);
    const auto ends = starts + std::chrono::hours(4);
    const domain::WallTime wall_starts(starts.time_since_epoch()),
        wall_ends(ends.time_since_epoch());
    const auto slug = fmt::format("pomiar-{}", i);
    parameters.insert(
        parameters.end(),
        {slug, fmt::format("Warsztat pomiarowy {}", i), wall_starts, wall_ends, starts, ends,
         "Zespoły z gmin sprawdzają prototyp usługi razem z mieszkańcami.",
         "Opis spotkania założonego do pomiaru. " + std::string(600, 'x'), slug + "@bench.example",
         now, now, now});
  }
  connection.execute(sql, parameters);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: narada_bench_data DATABASE-URL COUNT\n";
    return 2;
  }
  storage::Pool pool(storage::parse_database_address(argv[1]));
  storage::migrate(pool);
  const int total = std::atoi(argv[2]);
  const auto now = domain::SystemClock().now();
  for (int first = 0; first < total; first += kBatch) {
    pool.transact([&](storage::Connection& connection) {
      insert_batch(connection, first, std::min(kBatch, total - first), total, now);
      return 0;
    });
  }
  std::cerr << total << " meetings\n";
}
