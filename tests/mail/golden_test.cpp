// The golden mails as Python's email package and python3-icalendar read them. That the program
// writes these very octets is tests/unit/notifications/composer_test.cpp's business.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/mail/smtp_server.h"

using namespace narada::testing;
namespace fs = std::filesystem;

namespace {

fs::path golden() { return fs::path(NARADA_SOURCE_DIR) / "tests" / "golden" / "mail"; }

// The packages are those of the system's own Python, not of another one in PATH.
bool is_read_without_fault(const std::vector<fs::path>& files) {
  std::string command =
      "/usr/bin/python3 '" + std::string(NARADA_SOURCE_DIR) + "/tests/mail/read_golden.py'";
  for (const auto& file : files) command += " '" + file.string() + "'";
  return std::system((command + " > /dev/null").c_str()) == 0;
}

std::string file_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("other programs find in every golden mail what it should say") {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(golden())) files.push_back(entry.path());
  CHECK(files.size() == 88);
  CHECK(is_read_without_fault(files));
}

TEST_CASE("a golden mail with a fault is noticed") {
  struct Case {
    std::string name;
    std::string from, to;
  };
  const ScratchDirectory scratch;
  const fs::path file = scratch.path() / "meeting_moved.pl.eml";
  const std::string whole = file_text(golden() / "meeting_moved.pl.eml");
  const auto write = [&](const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
  };
  write(whole);
  REQUIRE(is_read_without_fault({file}));
  for (const Case& given : {
           Case{"another method", "method=REQUEST", "method=CANCEL"},
           Case{"a method on the attachment", "name=invite.ics", "method=REQUEST; name=invite.ics"},
           Case{"another charset", "text/plain; charset=utf-8", "text/plain; charset=iso-8859-2"},
           Case{"no date", "Date: ", "X-Date: "},
           Case{"a second recipient", "To: ", "To: x@y.example, "},
           Case{"another title", "przydzia=C5=82u", "przydzialu"},
           Case{"a header more", "Auto-Submitted:", "Bcc: x@y.example\r\nAuto-Submitted:"},
           Case{"no language", "lang=3D\"pl\"", "lang=3D\"en\""},
           Case{"another title in the calendar", "U1VNTUFSWTpQcm90", "U1VNTUFSWTpYcm90"},
       }) {
    CAPTURE(given.name);
    std::string spoilt = whole;
    const auto at = spoilt.find(given.from);
    REQUIRE(at != std::string::npos);
    spoilt.replace(at, given.from.size(), given.to);
    write(spoilt);
    CHECK(!is_read_without_fault({file}));
  }
}
