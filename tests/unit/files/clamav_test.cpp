#include "files/clamav.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <fstream>

#include "files/descriptor.h"
#include "tests/support/fake_clamd.h"
#include "tests/support/temporary_directory.h"

using namespace narada;
using files::ClamAv;
using files::ScanVerdict;
using testing::FakeClamd;

namespace {

class Scanning {
 public:
  Scanning() : clamd(directory_.path() / "clamd.ctl") {}

  files::ScanResult scan(const std::string& bytes) const {
    const auto path = directory_.path() / "file";
    std::ofstream(path, std::ios::binary) << bytes;
    const files::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    return scanner_.scan(file.get());
  }

 private:
  testing::TemporaryDirectory directory_;

 public:
  FakeClamd clamd;

 private:
  ClamAv scanner_{clamd.address(),
                  {std::chrono::milliseconds(5000), std::chrono::milliseconds(500)}};
};

}  // namespace

TEST_CASE("clamd says which files are clean") {
  const Scanning scanning;
  CHECK(scanning.scan("").verdict == ScanVerdict::clean);
  CHECK(scanning.scan("tekst").verdict == ScanVerdict::clean);
  CHECK(scanning.scan(std::string(900'000, 'a')).verdict == ScanVerdict::clean);
  const auto infected = scanning.scan("tekst" + testing::eicar());
  CHECK(infected.verdict == ScanVerdict::infected);
  CHECK(infected.found == "Eicar-Signature");
  // Across the border of two chunks.
  CHECK(scanning.scan(std::string((1U << 17U) - 20, 'a') + testing::eicar()).verdict ==
        ScanVerdict::infected);
}

TEST_CASE("a file beyond the limit of clamd is told from an infected one") {
  const Scanning scanning;
  CHECK(scanning.scan(std::string(2'000'000, 'a')).verdict == ScanVerdict::too_large);
  CHECK(scanning.scan(std::string(8'000'000, 'a')).verdict == ScanVerdict::too_large);
}

TEST_CASE("a clamd that breaks off, is silent or talks nonsense has found nothing out") {
  Scanning scanning;
  for (const auto manner : {FakeClamd::Manner::dies_midway, FakeClamd::Manner::is_mute,
                            FakeClamd::Manner::talks_nonsense}) {
    INFO(static_cast<int>(manner));
    scanning.clamd.behave(manner);
    CHECK_THROWS_AS((void)scanning.scan("tekst"), files::ScannerUnavailable);
    scanning.clamd.behave(FakeClamd::Manner::honest);
    CHECK(scanning.scan("tekst").verdict == ScanVerdict::clean);
  }
}

TEST_CASE("a clamd that is not there is not there") {
  const testing::TemporaryDirectory directory;
  CHECK_THROWS_AS(ClamAv((directory.path() / "none").string()).ping(), files::ScannerUnavailable);
  CHECK_THROWS_AS(ClamAv("127.0.0.1:1").ping(), files::ScannerUnavailable);
  FakeClamd clamd(directory.path() / "clamd.ctl");
  ClamAv(clamd.address()).ping();
}

TEST_CASE("where clamd is must be the path of a socket, or host and port") {
  for (const auto* const address : {"", "clamd", "clamd:", ":3310", "run/clamd.ctl"}) {
    INFO(address);
    CHECK_THROWS_AS(ClamAv{address}, std::invalid_argument);
  }
  CHECK_THROWS_AS(ClamAv{"/" + std::string(200, 'a')}, std::invalid_argument);
}
