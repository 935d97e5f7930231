// Many who read a large file slowly cost neither memory nor threads, and others their turn.
#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>
#include <vector>

#include "tests/http/edge/raw_client.h"
#include "tests/http/edge/test_site.h"
#include "tests/support/temporary_directory.h"

using namespace narada::test;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kReaders = 50;
constexpr std::uintmax_t kLarge = 100 << 20;

std::ptrdiff_t open_descriptors() {
  const std::filesystem::directory_iterator begin("/proc/self/fd");
  return std::distance(begin, {});
}

long resident_megabytes() {
  std::ifstream statm("/proc/self/statm");
  long all = 0;
  long resident = 0;
  statm >> all >> resident;
  return resident * ::sysconf(_SC_PAGESIZE) >> 20;
}

// Waits as long as it takes within a minute.
template <class Condition>
bool comes_true(Condition condition) {
  for (int i = 0; i < 600 && !condition(); ++i) std::this_thread::sleep_for(100ms);
  return condition();
}

}  // namespace

TEST_CASE("fifty slow readers of 100 MB keep nobody waiting and leave nothing behind") {
  const narada::testing::TemporaryDirectory directory;
  const auto file = directory.path() / "large";
  std::ofstream(file).close();
  std::filesystem::resize_file(file, kLarge);
  TestServer server(small_server(), file);
  {
    RawClient warm_up(server.port());
    warm_up.send(get_request("/pool"));
    REQUIRE(warm_up.read_answer());
  }
  const auto before = open_descriptors();
  const auto megabytes = resident_megabytes();
  {
    std::vector<std::unique_ptr<RawClient>> readers;
    for (std::size_t i = 0; i < kReaders; ++i) {
      readers.push_back(std::make_unique<RawClient>(server.port(), RawClient::Tuning{8192, 0}));
      readers.back()->send(get_request("/file"));
    }
    // Each has its file open, and the server the other end of its connection.
    CHECK(comes_true([&] { return open_descriptors() >= before + 3 * std::ptrdiff_t{kReaders}; }));
    RawClient other(server.port());
    int answered = 0;
    for (int i = 0; i < 300; ++i) {
      other.send(get_request(i % 2 == 0 ? "/" : "/pool"));
      if (const auto answer = other.read_answer(30s); answer && answer->status == 200) ++answered;
    }
    CHECK(answered == 300);
    CHECK(resident_megabytes() - megabytes < 64);
  }
  // They are gone in the middle of it.
  CHECK(comes_true([&] { return open_descriptors() <= before; }));
}
