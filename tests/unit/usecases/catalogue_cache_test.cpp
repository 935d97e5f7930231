#include "service/usecases/catalogue_cache.h"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace narada;
using namespace narada::usecases;

namespace {

const domain::Instant kNow{std::chrono::seconds{1800000000}};

}  // namespace

TEST_CASE("a value is loaded once in a second and again after a write") {
  CatalogueCache cache;
  int loads = 0;
  const auto read = [&](domain::Instant now) {
    return *cache.find_or_load<int>("a", now, [&] { return ++loads; });
  };
  CHECK(read(kNow) == 1);
  CHECK(read(kNow) == 1);
  CHECK(read(kNow + std::chrono::seconds{1}) == 2);
  CHECK(read(kNow + std::chrono::seconds{1}) == 2);
  cache.note_write();
  CHECK(read(kNow + std::chrono::seconds{1}) == 3);
  CHECK(read(kNow) == 4);  // a clock that was set back
}

TEST_CASE("a value loaded while a write commits is not given again") {
  CatalogueCache cache;
  const auto stale = cache.find_or_load<int>("a", kNow, [&] {
    cache.note_write();
    return 1;
  });
  CHECK(*stale == 1);
  CHECK(*cache.find_or_load<int>("a", kNow, [] { return 2; }) == 2);
}

TEST_CASE("a load that fails leaves nothing behind") {
  CatalogueCache cache;
  CHECK_THROWS_AS(
      cache.find_or_load<int>("a", kNow, []() -> int { throw std::runtime_error("away"); }),
      std::runtime_error);
  CHECK(*cache.find_or_load<int>("a", kNow, [] { return 2; }) == 2);
}

TEST_CASE("no more entries are kept than allowed") {
  CatalogueCache cache(2);
  int loads = 0;
  const auto read = [&](const std::string& key) {
    return *cache.find_or_load<int>(key, kNow, [&] { return ++loads; });
  };
  read("a");
  read("b");
  read("a");
  CHECK(loads == 2);
  read("c");  // makes room by dropping what there was
  read("c");
  CHECK(loads == 3);
  read("a");
  CHECK(loads == 4);
}

TEST_CASE("threads that read and write agree on what was written last") {
  CatalogueCache cache;
  std::atomic<int> stored{0};
  std::atomic<bool> stale{false};
  std::vector<std::thread> readers;
  for (int number = 0; number < 4; ++number) {
    readers.emplace_back([&] {
      for (int round = 0; round < 2000; ++round) {
        const int before = stored.load();
        const auto seen = cache.find_or_load<int>("a", kNow, [&] { return stored.load(); });
        // note_write() comes after the write: what it announced must be seen.
        if (*seen < before - 1) stale = true;
      }
    });
  }
  for (int value = 1; value <= 2000; ++value) {
    stored = value;
    cache.note_write();
  }
  for (auto& reader : readers) reader.join();
  CHECK_FALSE(stale);
  CHECK(*cache.find_or_load<int>("a", kNow, [&] { return stored.load(); }) == 2000);
}
