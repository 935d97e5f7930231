#include "service/usecases/reads/page_reads.h"

#include <doctest/doctest.h>

#include "service/usecases/practices/practices.h"
#include "sql/page_read_store.h"
#include "sql/pool.h"
#include "tests/storage/catalogue.h"

using namespace narada;
using namespace narada::testing;
using namespace narada::usecases;
using domain::ReadKind;

namespace {

struct Readings : Catalogue {
  domain::Practice add_practice(const std::string& title) {
    PracticeForm form;
    form.title = title;
    const auto draft = create_practice(environment, organizer, form);
    REQUIRE(draft);
    environment.pool->transact([&](storage::Connection& connection) {
      connection.execute("UPDATE practice SET status = 'published', published_at = ? WHERE id = ?",
                         {clock.now(), draft->id});
    });
    return *draft;
  }
  void read(ReadKind kind, const std::string& key, int times) {
    ReadCounter counter;
    for (int i = 0; i < times; ++i) counter.count(kind, key, clock.now());
    save_page_reads(environment, counter);
    CHECK(counter.take().empty());
  }
  std::vector<std::pair<std::string, std::int64_t>> most(ReadKind kind, int days) {
    const auto found = load_most_read(environment, organizer.actor, kind, days, 10);
    REQUIRE(found);
    std::vector<std::pair<std::string, std::int64_t>> rows;
    for (const auto& one : *found) rows.emplace_back(one.path, one.count);
    return rows;
  }
};

using Rows = std::vector<std::pair<std::string, std::int64_t>>;

}  // namespace

TEST_CASE("readings add up, and what nobody may read any more is not among the most read") {
  Readings readings;
  const auto meadow = readings.add_practice("Łąka");
  readings.add_practice("Autobus");
  const auto meeting =
      readings.add_published_meeting(Readings::meeting_form("Spotkanie", "2027-03-01"));
  readings.read(ReadKind::practice, "laka", 3);
  readings.read(ReadKind::practice, "autobus", 4);
  readings.read(ReadKind::practice, "laka", 2);
  readings.read(ReadKind::practice, "nie-ma-takiej", 9);
  readings.read(ReadKind::meeting, meeting.slug, 1);
  CHECK(readings.most(ReadKind::practice, 30) ==
        Rows{{"/praktyki/laka", 5}, {"/praktyki/autobus", 4}});
  CHECK(readings.most(ReadKind::meeting, 30) == Rows{{"/spotkania/spotkanie", 1}});
  CHECK(readings.most(ReadKind::cycle, 30).empty());
  CHECK(failed_with<domain::Forbidden>(
      load_most_read(readings.environment, readings.visitor, ReadKind::practice, 30, 10)));
  readings.environment.pool->transact([&](storage::Connection& connection) {
    connection.execute("UPDATE practice SET status = 'archived' WHERE id = ?", {meadow.id});
  });
  CHECK(readings.most(ReadKind::practice, 30) == Rows{{"/praktyki/autobus", 4}});
  readings.read(ReadKind::practice, "laka", 2);
  CHECK(load_read_numbers(readings.environment, ReadKind::practice, meadow.id.value).all == 5);
}

TEST_CASE("days become months after two years, and no reading is lost") {
  Readings readings;
  const auto practice = readings.add_practice("Łąka");
  const auto numbers = [&] {
    return load_read_numbers(readings.environment, ReadKind::practice, practice.id.value);
  };
  const auto months = [&] {
    std::vector<std::int64_t> counts;
    for (const auto& month : numbers().months) counts.push_back(month.count);
    return counts;
  };
  const auto days_kept = [&] {
    return readings.environment.pool->read([](storage::Connection& connection) {
      return connection.query("SELECT COUNT(*) FROM page_read_day")[0].integer(0);
    });
  };
  readings.read(ReadKind::practice, "laka", 2);  // 4 January 2027
  readings.clock.advance(std::chrono::days(1));
  readings.read(ReadKind::practice, "laka", 3);
  readings.clock.advance(std::chrono::days(40));
  readings.read(ReadKind::practice, "laka", 4);
  CHECK(numbers().week == 4);
  CHECK(numbers().month == 4);
  CHECK(months() == std::vector<std::int64_t>{4, 5});
  readings.clock.advance(domain::kDailyReadsKept - std::chrono::days(30));
  fold_old_reads(readings.environment, {});
  CHECK(days_kept() == 1);
  CHECK(numbers().all == 9);
  CHECK(months() == std::vector<std::int64_t>{4, 5});
  fold_old_reads(readings.environment, {});
  CHECK(numbers().all == 9);
}
