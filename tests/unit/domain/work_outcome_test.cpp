#include "service/domain/work_outcome.h"

#include <doctest/doctest.h>

#include "service/domain/median.h"

using namespace narada::domain;

TEST_CASE("a date of a stage is as much as is known of it") {
  struct Row {
    const char* typed;
    bool good;
    const char* stored;
  };
  const Row rows[] = {{"", true, ""},
                      {"2027", true, "2027"},
                      {"2027-05", true, "2027-05"},
                      {"2027-05-31", true, "2027-05-31"},
                      {"2028-02-29", true, "2028-02-29"},
                      {"2027-02-29", false, ""},
                      {"2027-13", false, ""},
                      {"2027-00", false, ""},
                      {"0000", false, ""},
                      {"2027/05", false, ""},
                      {"2027-05-3", false, ""},
                      {"2027-05-31 ", false, ""},
                      {"maj 2027", false, ""},
                      {"+227", false, ""}};
  for (const auto& row : rows) {
    CAPTURE(row.typed);
    ReachedStage stage;
    CHECK(read_stage_date(row.typed, stage) == row.good);
    CHECK(stage_date_text(stage) == row.stored);
  }
}

TEST_CASE("one stage lies before another when nothing that is known speaks against it") {
  struct Row {
    const char* one;
    const char* other;
    bool before;
  };
  const Row rows[] = {{"2026", "2027", true},
                      {"2027", "2027", false},
                      {"2027", "2027-05", false},
                      {"2027-04", "2027-05", true},
                      {"2027-05", "2027", false},
                      {"2027-05-01", "2027-05", false},
                      {"2027-05-01", "2027-05-02", true},
                      {"", "2027", false},
                      {"2026-12-31", "2027", true},
                      {"2027", "2026-12-31", false}};
  for (const auto& row : rows) {
    CAPTURE(row.one);
    CAPTURE(row.other);
    ReachedStage one, other;
    REQUIRE(read_stage_date(row.one, one));
    REQUIRE(read_stage_date(row.other, other));
    CHECK(is_dated_before(one, other) == row.before);
  }
}

TEST_CASE("the furthest stage is the last one in their order, whatever order they came in") {
  WorkOutcome outcome;
  CHECK_FALSE(furthest_stage(outcome).has_value());
  ReachedStage stage;
  for (const auto reached : {OutcomeStage::pilot, OutcomeStage::problem}) {
    stage.stage = reached;
    outcome.stages.push_back(stage);
  }
  CHECK(furthest_stage(outcome) == OutcomeStage::pilot);
}

TEST_CASE("the median of numbers") {
  CHECK_FALSE(median({}).has_value());
  CHECK(median({7}) == 7);
  CHECK(median({9, 1, 4}) == 4);
  CHECK(median({1, 2, 4, 100}) == 3);
  CHECK(median({1, 2}) == 1);
  CHECK(median({-1, -2}) == -2);
}
