#include "service/http/pages/panel/typed.h"

#include <doctest/doctest.h>

#include "service/http/pages/panel/fields.h"
#include "web/dates.h"

using namespace narada;
using namespace narada::http::pages;

TEST_CASE("a clock is read as people write it") {
  struct Case {
    const char* typed;
    const char* expected;  // empty: refused
  };
  for (const auto& [typed, expected] : std::vector<Case>{{"9:30", "09:30"},
                                                         {"09:30", "09:30"},
                                                         {"9.30", "09:30"},
                                                         {"9", "09:00"},
                                                         {"23:59", "23:59"},
                                                         {"10:00:00", "10:00"},
                                                         {"24:00", ""},
                                                         {"9:60", ""},
                                                         {"-1", ""},
                                                         {"9:", ""},
                                                         {"dziesiąta", ""}}) {
    CAPTURE(typed);
    domain::FieldErrors errors;
    const auto clock = read_clock(typed, "starts", errors);
    CHECK((clock ? clock_text(*clock) : "") == expected);
    CHECK(errors ==
          (*expected ? domain::FieldErrors{} : domain::FieldErrors{{"starts", "invalid_clock"}}));
  }
}

TEST_CASE("a day is read as people write it") {
  struct Case {
    const char* typed;
    const char* expected;
  };
  for (const auto& [typed, expected] : std::vector<Case>{{"2027-01-21", "2027-01-21"},
                                                         {"21.01.2027", "2027-01-21"},
                                                         {"1.2.2027", "2027-02-01"},
                                                         {"2027-02-29", ""},
                                                         {"2027-257-01", ""},
                                                         {"21.01.27", ""},
                                                         {"jutro", ""}}) {
    CAPTURE(typed);
    domain::FieldErrors errors;
    const auto day = read_day(typed, "date", errors);
    CHECK((day ? web::iso_date(*day) : "") == expected);
    CHECK(errors.empty() == day.has_value());
  }
}

TEST_CASE("hours may be left out together, not one alone") {
  domain::FieldErrors errors;
  const TimeInputs inputs{"d", "s", "e", "l"};
  const auto whole = read_times({"2027-01-21", "", "", "2027-01-22"}, inputs, errors);
  CHECK(errors.empty());
  CHECK(whole.precision == domain::TimePrecision::day);
  const auto back = time_texts(whole.starts, whole.ends, whole.precision);
  CHECK(back.day == "2027-01-21");
  CHECK(back.last_day == "2027-01-22");
  read_times({"2027-01-21", "10:00", "", ""}, inputs, errors);
  CHECK(errors == domain::FieldErrors{{"e", "required"}});
  errors.clear();
  read_times({"", "", "", ""}, inputs, errors);
  CHECK(errors == domain::FieldErrors{{"d", "required"}});
}

TEST_CASE("rows of a form are one text and come back as they were") {
  const FieldSpec spec{"places",
                       FieldKind::rows,
                       false,
                       {{"name"}, {"experts", FieldKind::experts}, {"mode", FieldKind::choice}}};
  const auto fields = http::parse_form(
      "places.0.name=Ratusz&places.0.experts.0=Ewa&places.0.experts.1=&places.0.experts.2=Jan"
      "&places.1.name=+&places.1.mode=online&places.7.name=Dom&places.999.name=za+du%C5%BCo");
  const auto texts = read_texts(fields, {spec});
  const auto rows = split_rows(spec, texts.at("places"));
  CHECK(rows == std::vector<Row>{{{"name", "Ratusz"}, {"experts", "Ewa\nJan"}, {"mode", ""}},
                                 {{"name", "Dom"}, {"experts", ""}, {"mode", ""}}});
  CHECK(join_rows(spec, rows) == texts.at("places"));
}
