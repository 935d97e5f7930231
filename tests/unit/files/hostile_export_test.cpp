#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/hostile_files.h"

using namespace narada;
using namespace narada::testing;

// The same rows for the test that brings them with a browser: their contents as 1, 2, … and what
// is to come of them in rows.json.
TEST_CASE("hostile files are written to the folder of the browser's test" *
          doctest::skip(::getenv("NARADA_HOSTILE_FOLDER") == nullptr)) {
  const std::filesystem::path folder = ::getenv("NARADA_HOSTILE_FOLDER");
  auto rows = nlohmann::json::array();
  for (const auto& file : hostile_files()) {
    const auto content = std::to_string(rows.size() + 1);
    std::ofstream(folder / content, std::ios::binary) << file.bytes;
    rows.push_back({{"what", file.what},
                    {"name", file.name},
                    {"content", content},
                    {"refusal", file.refusal ? std::string(to_string(*file.refusal)) : ""},
                    {"media_type", file.media_type}});
  }
  std::ofstream(folder / "rows.json") << rows.dump();
  CHECK(rows.size() >= 40);
}
