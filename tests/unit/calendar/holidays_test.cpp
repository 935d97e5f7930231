#include "calendar/holidays.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace narada;
using namespace narada::calendar;
using namespace std::chrono_literals;

namespace {

std::string describe(domain::Date date) {
  const auto two = [](unsigned number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
  };
  return std::to_string(static_cast<int>(date.year())) + "-" +
         two(static_cast<unsigned>(date.month())) + "-" + two(static_cast<unsigned>(date.day()));
}

std::vector<std::string> describe(const std::vector<Holiday>& holidays) {
  std::vector<std::string> texts;
  for (const Holiday& holiday : holidays) {
    texts.push_back(describe(holiday.date) + " " + std::string(holiday.name));
  }
  return texts;
}

}  // namespace

TEST_CASE("the days off of 2026, 2027 and 2028") {
  CHECK(describe(polish_holidays(2026)) ==
        std::vector<std::string>{
            "2026-01-01 Nowy Rok", "2026-01-06 Święto Trzech Króli",
            "2026-04-05 Wielkanoc – pierwszy dzień", "2026-04-06 Wielkanoc – drugi dzień",
            "2026-05-01 Święto Państwowe (Święto Pracy)",
            "2026-05-03 Święto Narodowe Trzeciego Maja", "2026-05-24 Zielone Świątki",
            "2026-06-04 Boże Ciało", "2026-08-15 Wniebowzięcie NMP",
            "2026-11-01 Wszystkich Świętych", "2026-11-11 Narodowe Święto Niepodległości",
            "2026-12-24 Wigilia Bożego Narodzenia", "2026-12-25 Boże Narodzenie – pierwszy dzień",
            "2026-12-26 Boże Narodzenie – drugi dzień"});
  CHECK(describe(polish_holidays(2027)) ==
        std::vector<std::string>{
            "2027-01-01 Nowy Rok", "2027-01-06 Święto Trzech Króli",
            "2027-03-28 Wielkanoc – pierwszy dzień", "2027-03-29 Wielkanoc – drugi dzień",
            "2027-05-01 Święto Państwowe (Święto Pracy)",
            "2027-05-03 Święto Narodowe Trzeciego Maja", "2027-05-16 Zielone Świątki",
            "2027-05-27 Boże Ciało", "2027-08-15 Wniebowzięcie NMP",
            "2027-11-01 Wszystkich Świętych", "2027-11-11 Narodowe Święto Niepodległości",
            "2027-12-24 Wigilia Bożego Narodzenia", "2027-12-25 Boże Narodzenie – pierwszy dzień",
            "2027-12-26 Boże Narodzenie – drugi dzień"});
  CHECK(describe(polish_holidays(2028)) ==
        std::vector<std::string>{
            "2028-01-01 Nowy Rok", "2028-01-06 Święto Trzech Króli",
            "2028-04-16 Wielkanoc – pierwszy dzień", "2028-04-17 Wielkanoc – drugi dzień",
            "2028-05-01 Święto Państwowe (Święto Pracy)",
            "2028-05-03 Święto Narodowe Trzeciego Maja", "2028-06-04 Zielone Świątki",
            "2028-06-15 Boże Ciało", "2028-08-15 Wniebowzięcie NMP",
            "2028-11-01 Wszystkich Świętych", "2028-11-11 Narodowe Święto Niepodległości",
            "2028-12-24 Wigilia Bożego Narodzenia", "2028-12-25 Boże Narodzenie – pierwszy dzień",
            "2028-12-26 Boże Narodzenie – drugi dzień"});
}

TEST_CASE("the law changed the number of days off twice") {
  for (const auto& [year, count] : std::vector<std::pair<int, std::size_t>>{
           {1990, 12}, {2010, 12}, {2011, 13}, {2024, 13}, {2025, 14}, {2200, 14}}) {
    CAPTURE(year);
    CHECK(polish_holidays(year).size() == count);
  }
  CHECK(polish_holiday_name(2010y / 1 / 6).empty());
  CHECK(polish_holiday_name(2011y / 1 / 6) == "Święto Trzech Króli");
  CHECK(polish_holiday_name(2024y / 12 / 24).empty());
  CHECK(polish_holiday_name(2025y / 12 / 24) == "Wigilia Bożego Narodzenia");
  CHECK(polish_holiday_name(1990y / 5 / 3) == "Święto Narodowe Trzeciego Maja");
  CHECK(polish_holiday_name(1990y / 7 / 22).empty());
}

TEST_CASE("Easter is where the church tables have it") {
  // The earliest and the latest date possible, the exceptions of the golden number, and centuries.
  for (const domain::Date easter :
       {1990y / 4 / 15, 1994y / 4 / 3, 2000y / 4 / 23, 2008y / 3 / 23, 2011y / 4 / 24,
        2024y / 3 / 31, 2025y / 4 / 20, 2038y / 4 / 25, 2049y / 4 / 18, 2076y / 4 / 19,
        2100y / 3 / 28, 2200y / 4 / 6}) {
    CAPTURE(describe(easter));
    CHECK(polish_holiday_name(easter) == "Wielkanoc – pierwszy dzień");
    const std::chrono::sys_days day{easter};
    CHECK(polish_holiday_name(domain::Date{day + std::chrono::days{1}}) ==
          "Wielkanoc – drugi dzień");
    CHECK(polish_holiday_name(domain::Date{day + std::chrono::days{49}}) == "Zielone Świątki");
    CHECK(polish_holiday_name(domain::Date{day + std::chrono::days{60}}) == "Boże Ciało");
    CHECK(polish_holiday_name(domain::Date{day - std::chrono::days{2}}).empty());  // Good Friday
  }
}

TEST_CASE("the list of a year and the name of a day tell the same") {
  for (int year = 1990; year <= 2200; ++year) {
    std::vector<std::string> by_day;
    const std::chrono::sys_days last{std::chrono::year{year} / 12 / 31};
    for (std::chrono::sys_days day{std::chrono::year{year} / 1 / 1}; day <= last;
         day += std::chrono::days{1}) {
      const std::string_view name = polish_holiday_name(domain::Date{day});
      if (!name.empty()) by_day.push_back(describe(domain::Date{day}) + " " + std::string(name));
    }
    if (by_day != describe(polish_holidays(year))) FAIL_CHECK(year);
  }
}
