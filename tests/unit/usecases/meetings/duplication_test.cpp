#include "service/usecases/meetings/duplication.h"

#include <doctest/doctest.h>

#include "calendar/holidays.h"
#include "calendar/zone.h"
#include "web/dates.h"

using namespace narada;
using namespace narada::usecases;
using namespace std::chrono_literals;
using std::chrono::year;

namespace {

std::string text_of(domain::Date date) {
  return web::iso_date(domain::WallTime{std::chrono::local_days{date}});
}

domain::WallTime wall(domain::Date date, std::chrono::minutes past) {
  return domain::WallTime{std::chrono::local_days{date}} + past;
}

}  // namespace

TEST_CASE("a day moves to the same place of its month in another year") {
  struct Case {
    const char* name;
    domain::Date day;
    int years;
    const char* expected;
  };
  const std::vector<Case> cases = {
      {"the third Tuesday", year{2027} / 1 / 19, 1, "2028-01-18"},
      {"the first of the month", year{2027} / 9 / 1, 1, "2028-09-06"},
      {"a fifth Friday becomes the last", year{2027} / 1 / 29, 1, "2028-01-28"},
      {"a leap day", year{2028} / 2 / 29, 1, "2029-02-27"},
      {"several years", year{2023} / 5 / 16, 4, "2027-05-18"},
      {"a holiday moves a week on", year{2027} / 11 / 11, 4, "2031-11-13"},
      {"Epiphany on a first Thursday moves a week on", year{2028} / 1 / 6, 4, "2032-01-08"},
      {"the last of the month, a holiday, moves a week back", year{2027} / 5 / 27, 2, "2029-05-24"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.name);
    CHECK(text_of(shift_day(one.day, one.years, calendar::polish_holiday_name)) == one.expected);
  }
}

TEST_CASE("a meeting held again keeps hours, length and the distance of its registration window") {
  MeetingForm form;
  form.title = "Warsztat";
  form.starts = wall(year{2027} / 3 / 16, 10h);
  form.ends = wall(year{2027} / 3 / 17, 14h + 30min);
  form.online_url = "https://spotkania.example/1";
  form.source_url = "https://zrodlo.example";
  form.caveat = "Niepewne";
  form.window.opens_at = calendar::parse_rfc3339("2027-02-16T08:00:00+01:00");
  form.window.closes_at = calendar::parse_rfc3339("2027-03-15T12:00:00+01:00");
  form.program.push_back({600, 660, "Otwarcie", "", {}, {}});
  // Over the change to summer time the hours on the wall stay.
  const auto again = hold_again(form, year{2027} / 4 / 20);
  MeetingForm expected = form;
  expected.starts = wall(year{2027} / 4 / 20, 10h);
  expected.ends = wall(year{2027} / 4 / 21, 14h + 30min);
  expected.online_url.clear();
  expected.source_url.clear();
  expected.caveat.clear();
  expected.window.opens_at = calendar::parse_rfc3339("2027-03-23T08:00:00+01:00");
  expected.window.closes_at = calendar::parse_rfc3339("2027-04-19T12:00:00+02:00");
  CHECK(again == expected);
}

TEST_CASE("a copy lies ahead of today") {
  const auto now = *calendar::parse_rfc3339("2027-01-04T10:00:00+01:00");
  CHECK(years_until_ahead(wall(year{2027} / 3 / 1, 10h), now) == 1);
  CHECK(years_until_ahead(wall(year{2023} / 5 / 1, 10h), now) == 4);
  CHECK(years_until_ahead(wall(year{2024} / 1 / 4, 10h), now) == 4);
}
