#include <doctest/doctest.h>

#include <random>

#include "tests/fuzz/request_head.h"

namespace narada::fuzz {
namespace {

// A fixed seed: a failure repeats. What fails ends the process, so that there is no CHECK in here.
TEST_CASE("requests with random damage are parsed alike in any pieces and keep every promise") {
  std::mt19937 random(20'260'915);
  const auto corpus = request_head_corpus();
  for (const auto& request : corpus) check_request_head(request);
  for (int i = 0; i < 4'000; ++i) {
    auto bytes = corpus[random() % corpus.size()];
    for (auto changes = 1 + random() % 6; changes > 0; --changes) bytes = mutate(bytes, random);
    check_request_head(bytes);
  }
}

}  // namespace
}  // namespace narada::fuzz
