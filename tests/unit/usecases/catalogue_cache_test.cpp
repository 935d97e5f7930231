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

TEST_CASE("no more octets are kept than allowed") {
  CatalogueCache cache(1024, 1000);
  int loads = 0;
  const auto read = [&](const std::string& key, std::size_t octets) {
    return *cache.find_or_load<int>(
        key, kNow, [&] { return ++loads; }, [&](const int&) { return octets; });
  };
  read("a", 400);
  read("b", 400);
  read("a", 400);
  CHECK(loads == 2);
  read("c", 400);  // makes room by dropping what there was
  read("c", 400);
  CHECK(loads == 3);
  read("a", 400);
  CHECK(loads == 4);
  read("d", 5000);  // larger than all of the cache: never kept, and nobody makes room for it
  read("d", 5000);
  CHECK(loads == 6);
  read("a", 400);
  read("c", 400);
  CHECK(loads == 6);
}

TEST_CASE("an entry that is loaded again takes its place once") {
  CatalogueCache cache(1024, 1000);
  int loads = 0;
  const auto read = [&](const std::string& key) {
    return *cache.find_or_load<int>(
        key, kNow, [&] { return ++loads; }, [](const int&) { return std::size_t{400}; });
  };
  read("a");
  for (int round = 0; round < 10; ++round) {
    cache.note_write();
    read("b");
  }
  cache.note_write();
  read("a");
  read("b");
  const int before = loads;
  read("a");
  read("b");
  CHECK(loads == before);
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
