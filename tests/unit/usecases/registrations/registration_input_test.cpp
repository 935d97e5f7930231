#include "service/usecases/registrations/registration_input.h"

#include <doctest/doctest.h>

using namespace narada;
using namespace narada::usecases;

TEST_CASE("spellings of one name have one key") {
  struct Row {
    const char* one;
    const char* other;
    bool same;
  };
  const Row rows[] = {
      {"Łucja Żółć", "łucja żółć", true},
      {"ŚWIĘTOSŁAW ĆMA", "świętosław ćma", true},
      {"Anna  Nowak", " Anna Nowak\u00A0", true},
      {"Żaneta", "Z\u0307aneta", true},  // composed and not
      {"Anna Nowak", "Anna Nowąk", false},
      {"Łucja", "Lucja", false},
      {"Anna Nowak", "AnnaNowak", false},
      {"Straße", "STRASSE", true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.one);
    CAPTURE(row.other);
    CHECK((make_name_key(row.one) == make_name_key(row.other)) == row.same);
  }
}

TEST_CASE("a key that grows by folding still fits its column") {
  std::string longest;
  for (int letter = 0; letter < 200; ++letter) longest += "ß";
  const std::string key = make_name_key(longest);
  CHECK(key == std::string(200, 's'));
}

TEST_CASE("texts are kept trimmed, folded and composed") {
  struct Row {
    const char* typed;
    TextBounds bounds;
    const char* kept;
  };
  const TextBounds line{0, 50, false, false};
  const TextBounds lines{0, 50, false, true};
  const Row rows[] = {
      {"  Anna \u2003 Nowak ", line, "Anna Nowak"},
      {"Z\u0307aneta", line, "Żaneta"},
      {"", line, ""},
      {" \r\n jeden\r\n\r\n  dwa\rtrzy \n", lines, "jeden\n\n  dwa\ntrzy"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.typed);
    domain::FieldErrors errors;
    CHECK(check_text(row.typed, "field", row.bounds, errors) == row.kept);
    CHECK(errors.empty());
  }
}

TEST_CASE("an e-mail keeps its spelling and has a key in lower case") {
  domain::FieldErrors errors;
  CHECK(check_email(" Anna.Nowak@Urzad.Example ", errors) == "Anna.Nowak@Urzad.Example");
  CHECK(errors.empty());
  CHECK(make_email_key("Anna.Nowak@Urzad.Example") == "anna.nowak@urzad.example");
}
