#include "service/domain/search.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string_view>

using namespace narada::domain;

TEST_CASE(
    "a word in a title weighs more than in the text, in a short text more than in a long one") {
  const PerSearchField<float> averages{4, 4, 20, 100};
  const PerSearchField<float> usual{4, 4, 20, 100};
  const double idf = weigh_word(100, 5);
  const double in_title = score_word(idf, {1, 0, 0, 0}, usual, averages);
  const double in_body = score_word(idf, {0, 0, 0, 1}, usual, averages);
  CHECK(in_title > in_body);
  CHECK(score_word(idf, {0, 0, 0, 3}, usual, averages) > in_body);
  CHECK(score_word(idf, {0, 0, 0, 1}, {4, 4, 20, 1000}, averages) < in_body);
  CHECK(score_word(idf, {255, 255, 255, 255}, usual, averages) <= idf);
  CHECK(score_word(idf, {0, 0, 0, 0}, usual, averages) == 0);
}

TEST_CASE("a rare word tells more than a common one, and no word tells less than nothing") {
  CHECK(weigh_word(1000, 1) > weigh_word(1000, 10));
  CHECK(weigh_word(1000, 1000) >= 0);
  CHECK(weigh_word(0, 0) >= 0);
  CHECK(weigh_word(3, 7) >= 0);
}

TEST_CASE("recency is a small part") {
  const Instant now{std::chrono::seconds{1'800'000'000}};
  const auto old = now - std::chrono::years{5};
  CHECK(weigh_recency(now, now) == doctest::Approx(1.08));
  CHECK(weigh_recency(std::nullopt, now) == doctest::Approx(1.08));
  CHECK(weigh_recency(now + std::chrono::years{1}, now) == doctest::Approx(1.08));
  CHECK(weigh_recency(old, now) == doctest::Approx(1.0294).epsilon(0.001));
  CHECK(weigh_coverage(2, 2) == 1);
  CHECK(weigh_coverage(1, 2) == 0.25);
  CHECK(weigh_coverage(0, 0) == 0);
  CHECK(weigh_title(1, 1) == doctest::Approx(1.35));
  CHECK(weigh_title(1, 2) == doctest::Approx(1.175));
  CHECK(weigh_title(3, 2) == doctest::Approx(1.35));
  CHECK(weigh_title(0, 0) == 1);
}

TEST_CASE("typing errors are counted up to what is forgiven") {
  struct Row {
    std::string_view one, other;
    int most, errors;
  };
  const Row rows[] = {{"katwice", "katowice", 2, 1},
                      {"rewitalziacja", "rewitalizacja", 2, 1},
                      {"ogrud", "ogrod", 1, 1},
                      {"zielen", "zielen", 2, 0},
                      {"zielen", "drewno", 2, 3},
                      {"", "", 1, 0},
                      {"abc", "", 1, 2},
                      {"swietohlowice", "swietochlowice", 2, 1}};
  for (const auto& row : rows) {
    CAPTURE(row.one);
    CHECK(count_typing_errors(row.one, row.other, row.most) == row.errors);
    CHECK(count_typing_errors(row.other, row.one, row.most) == row.errors);
  }
  CHECK(forgiven_typing_errors(3) == 0);
  CHECK(forgiven_typing_errors(4) == 1);
  CHECK(forgiven_typing_errors(8) == 2);
}

TEST_CASE("words of one family share most of themselves") {
  CHECK(measure_kinship("bezdomny", "bezdomnosc") > 0);
  CHECK(measure_kinship("bytomski", "bytom") > 0);
  CHECK(measure_kinship("wolontariusz", "wolontariat") > 0);
  CHECK(measure_kinship("komunikacja", "komunalny") == 0);
  CHECK(measure_kinship("dom", "domowy") == 0);
  for (const auto kind : kSearchKinds) CHECK(find_search_kind(to_string(kind)) == kind);
  CHECK_FALSE(find_search_kind("people"));
}
