#include "web/dates.h"

#include <doctest/doctest.h>

namespace {

using namespace narada::web;
using narada::domain::Language;
using narada::domain::WallTime;
using namespace std::chrono;

WallTime at(int y, unsigned m, unsigned d, int hour = 0, int minute = 0) {
  return local_days(year_month_day(year(y), month(m), day(d))) + hours(hour) + minutes(minute);
}

}  // namespace

TEST_CASE("days are written as each language writes them") {
  const auto day = at(2027, 1, 21, 9, 30);
  CHECK(weekday_date(Language::pl, day) == "czwartek, 21 stycznia 2027");
  CHECK(weekday_date(Language::en, day) == "Thursday, 21 January 2027");
  CHECK(month_of_day(Language::pl, day) == "stycznia 2027");
  CHECK(month_year(Language::pl, day) == "styczeń 2027");
  CHECK(month_heading(Language::pl, at(2027, 10, 1)) == "Październik 2027");
  CHECK(month_heading(Language::en, day) == "January 2027");
  CHECK(weekday_short(Language::pl, day) == "czw.");
  CHECK(clock_time(day) == "9:30");
  CHECK(iso_date(day) == "2027-01-21");
}

TEST_CASE("ranges say no more than they must") {
  struct Row {
    const char* name;
    WallTime starts, ends;
    bool whole_days;
    const char* polish;
    const char* english;
  };
  const Row rows[] = {
      {"one day", at(2027, 1, 21, 9, 30), at(2027, 1, 21, 15, 30), false,
       "czwartek, 21 stycznia 2027, 9:30–15:30", "Thursday, 21 January 2027, 9:30–15:30"},
      {"over midnight", at(2027, 1, 21, 22), at(2027, 1, 22, 1), false,
       "czwartek, 21 stycznia 2027, 22:00 – piątek, 22 stycznia 2027, 1:00",
       "Thursday, 21 January 2027, 22:00 – Friday, 22 January 2027, 1:00"},
      {"a whole day", at(2022, 8, 31), at(2022, 9, 1), true, "środa, 31 sierpnia 2022",
       "Wednesday, 31 August 2022"},
      {"days of a month", at(2022, 12, 2), at(2022, 12, 7), true, "2–6 grudnia 2022",
       "2–6 December 2022"},
      {"days of two months", at(2022, 11, 30), at(2022, 12, 3), true,
       "30 listopada – 2 grudnia 2022", "30 November – 2 December 2022"},
      {"days of two years", at(2022, 12, 30), at(2023, 1, 3), true,
       "30 grudnia 2022 – 2 stycznia 2023", "30 December 2022 – 2 January 2023"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(time_range(Language::pl, row.starts, row.ends, row.whole_days) == row.polish);
    CHECK(time_range(Language::en, row.starts, row.ends, row.whole_days) == row.english);
  }
  CHECK(month_range(Language::pl, at(2026, 10, 15), at(2027, 4, 22)) ==
        "październik 2026 – kwiecień 2027");
  CHECK(month_range(Language::pl, at(2026, 10, 1), at(2026, 10, 30)) == "październik 2026");
}
