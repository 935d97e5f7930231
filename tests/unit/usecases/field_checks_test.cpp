#include "service/usecases/field_checks.h"

#include <doctest/doctest.h>

using namespace narada;
using namespace narada::usecases;

namespace {

// The code of the only error, or "" for none.
template <class Check>
std::string code_of(Check check) {
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  check(checks);
  REQUIRE(errors.size() <= 1);
  return errors.empty() ? "" : errors.front().code;
}

}  // namespace

TEST_CASE("texts are checked as characters, not octets") {
  struct Row {
    const char* name;
    std::string text;
    Lines lines;
    const char* code;
  };
  const std::vector<Row> rows = {
      {"four letters of two octets", "żółć", Lines::one, ""},
      {"five", "żółćć", Lines::one, "too_long"},
      {"four of four octets", "🙂🙂🙂🙂", Lines::one, ""},
      {"cut off", "a\xC4", Lines::one, "not_utf8"},
      {"overlong slash", "\xC0\xAF", Lines::one, "not_utf8"},
      {"overlong in three", "\xE0\x80\xAF", Lines::one, "not_utf8"},
      {"a surrogate", "\xED\xA0\x80", Lines::one, "not_utf8"},
      {"beyond U+10FFFF", "\xF4\x90\x80\x80", Lines::one, "not_utf8"},
      {"five octets", "\xF8\x88\x80\x80\x80", Lines::one, "not_utf8"},
      {"a lone continuation", "\x80", Lines::one, "not_utf8"},
      {"NUL", std::string("a\0b", 3), Lines::one, "control_characters"},
      {"DEL", "a\x7F", Lines::one, "control_characters"},
      {"C1", "a\xC2\x85", Lines::one, "control_characters"},
      {"line separator", "a\xE2\x80\xA8", Lines::many, "control_characters"},
      {"override of direction", "a\xE2\x80\xAE", Lines::one, "control_characters"},
      {"a tab in one line", "a\tb", Lines::one, "control_characters"},
      {"a line break in one line", "a\r\nb", Lines::one, "control_characters"},
      {"a line break in many", "a\r\nb", Lines::many, ""},
      {"an escape in many", "a\x1B", Lines::many, "control_characters"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    std::string text = row.text;
    CHECK(code_of([&](FieldChecks& checks) {
            checks.check_text("x", text, {.max = 4, .lines = row.lines});
          }) == row.code);
  }
}

TEST_CASE("texts are stored without blanks around them and with plain line breaks") {
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  std::string text = " \r\n a\r\nb\rc \t";
  checks.check_text("x", text, {.lines = Lines::many});
  CHECK(text == "a\nb\nc");
  std::string blank = "  \n";
  checks.check_text("y", blank, {.presence = Presence::required});
  CHECK(blank.empty());
  CHECK(errors == domain::FieldErrors{{"y", "required"}});
}

TEST_CASE("only links that a browser may follow safely are links") {
  struct Row {
    std::string url;
    const char* code;
  };
  const std::vector<Row> rows = {
      {"", ""},
      {"https://example.org", ""},
      {"http://example.org:8080/a?b=c&d#e", ""},
      {"https://zażółć.example/ł", ""},
      {"ftp://example.org", "invalid_url"},
      {"javascript:alert(1)", "invalid_url"},
      {"JavaScript://x", "invalid_url"},
      {"https:/example.org", "invalid_url"},
      {"https://", "invalid_url"},
      {"http", "invalid_url"},
      {"https", "invalid_url"},
      {"http:", "invalid_url"},
      {"https:///x", "invalid_url"},
      {"https://:80/", "invalid_url"},
      {"https://user@example.org/", "invalid_url"},
      {"https://example.org/\"onclick", "invalid_url"},
      {"https://example.org/<b>", "invalid_url"},
      {"https://example.org/a b", "invalid_url"},
      {"https://example.org/\r\nATTENDEE:x", "control_characters"},
      {"https://example.org/" + std::string(1000, 'a'), "too_long"},
      {"https://\xFF", "not_utf8"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.url);
    std::string url = row.url;
    CHECK(code_of([&](FieldChecks& checks) { checks.check_url("x", url); }) == row.code);
  }
}

TEST_CASE("errors carry the name of the part and the bounds") {
  domain::FieldErrors errors;
  FieldChecks checks(errors);
  FieldChecks part = checks.within("meetings[2].").within("places[0].");
  std::string name;
  part.check_text("name", name, {.presence = Presence::required});
  part.check_range("capacity", 0, 1, 40);
  CHECK_FALSE(checks.check_count("places", 21, 20));
  CHECK_FALSE(checks.all_good());
  CHECK(errors ==
        domain::FieldErrors{
            {"meetings[2].places[0].name", "required"},
            {"meetings[2].places[0].capacity", "out_of_range", {{"max", "40"}, {"min", "1"}}},
            {"places", "too_many", {{"max", "20"}}}});
}
