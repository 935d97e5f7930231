#include "service/usecases/field_merge.h"

#include <doctest/doctest.h>

using namespace narada::usecases;

TEST_CASE("two edits of one form are merged field by field") {
  const FieldTexts shown = {{"title", "A"}, {"place", "B"}, {"hours", ""}, {"note", "N"}};
  const auto seen = fingerprint(shown);
  struct Case {
    const char* name;
    FieldTexts typed, stored, merged;
    std::vector<std::string> conflicts, taken_over;
  };
  const std::vector<Case> cases = {
      {"nobody", shown, shown, shown, {}, {}},
      {"only typed", {{"title", "X"}}, shown, {{"title", "X"}}, {}, {}},
      {"only stored", {{"title", "A"}}, {{"title", "Y"}}, {{"title", "Y"}}, {}, {"title"}},
      {"both the same", {{"title", "Z"}}, {{"title", "Z"}}, {{"title", "Z"}}, {}, {}},
      {"both", {{"title", "X"}}, {{"title", "Y"}}, {{"title", "X"}}, {"title"}, {}},
      {"emptied and changed", {{"note", ""}}, {{"note", "M"}}, {{"note", ""}}, {"note"}, {}},
      {"each another field",
       {{"title", "X"}, {"hours", ""}},
       {{"title", "A"}, {"hours", "10"}},
       {{"title", "X"}, {"hours", "10"}},
       {},
       {"hours"}},
      {"a field unknown before", {{"new", "X"}}, {{"new", "Y"}}, {{"new", "X"}}, {"new"}, {}},
      {"not stored", {{"title", "X"}}, {}, {{"title", "X"}}, {}, {}},
  };
  for (const auto& one : cases) {
    CAPTURE(one.name);
    const auto merged = merge_fields(seen, one.typed, one.stored);
    CHECK(merged.texts == one.merged);
    CHECK(merged.conflicts == one.conflicts);
    CHECK(merged.taken_over == one.taken_over);
  }
}

TEST_CASE("a fingerprint that was made up or cut makes conflicts, never silent losses") {
  for (const char* seen : {"", "title", "title:", "title:zz nonsense", ":::"}) {
    CAPTURE(seen);
    const auto merged = merge_fields(seen, {{"title", "X"}}, {{"title", "Y"}});
    CHECK(merged.conflicts == std::vector<std::string>{"title"});
    CHECK(merged.texts.at("title") == "X");
  }
}
