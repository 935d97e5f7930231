#include "calendar/holidays.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>

namespace narada::calendar {
namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;

constexpr int kAlways = std::numeric_limits<int>::min();

// The same day each year, off from `since` on.
struct FixedHoliday {
  unsigned month_number;
  unsigned day_number;
  int since;
  std::string_view name;
};

// The dates of 3 May and 15 August, restored in 1990 and 1989, bound the years that the header
// promises; 22 July left the list with the act of 6 April 1990.
constexpr std::array kFixed{
    FixedHoliday{1, 1, kAlways, "Nowy Rok"},
    FixedHoliday{1, 6, 2011, "Święto Trzech Króli"},
    FixedHoliday{5, 1, kAlways, "Święto Państwowe (Święto Pracy)"},
    FixedHoliday{5, 3, kAlways, "Święto Narodowe Trzeciego Maja"},
    FixedHoliday{8, 15, kAlways, "Wniebowzięcie NMP"},
    FixedHoliday{11, 1, kAlways, "Wszystkich Świętych"},
    FixedHoliday{11, 11, kAlways, "Narodowe Święto Niepodległości"},
    FixedHoliday{12, 24, 2025, "Wigilia Bożego Narodzenia"},
    FixedHoliday{12, 25, kAlways, "Boże Narodzenie – pierwszy dzień"},
    FixedHoliday{12, 26, kAlways, "Boże Narodzenie – drugi dzień"},
};

struct MoveableHoliday {
  days after_easter;
  std::string_view name;
};

constexpr std::array kMoveable{
    MoveableHoliday{days{0}, "Wielkanoc – pierwszy dzień"},
    MoveableHoliday{days{1}, "Wielkanoc – drugi dzień"},
    MoveableHoliday{days{49}, "Zielone Świątki"},
    MoveableHoliday{days{60}, "Boże Ciało"},
};

// Easter Sunday of the Gregorian calendar: the Sunday after the ecclesiastical full moon. Letters
// as in the method that Nature printed anonymously in 1876.
sys_days easter_sunday(int year_number) {
  const int a = year_number % 19;  // place in the moon's cycle of 19 years
  const int b = year_number / 100;
  const int c = year_number % 100;
  const int d = b / 4;
  const int e = b % 4;
  const int f = (b + 8) / 25;
  const int g = (b - f + 1) / 3;
  const int h = (19 * a + b - d - g + 15) % 30;  // days from 21 March to the full moon
  const int i = c / 4;
  const int k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7;  // days to the Sunday after it
  const int m = (a + 11 * h + 22 * l) / 451;
  const int days_from_march = h + l - 7 * m + 21;  // 0: 1 March
  return sys_days{year{year_number} / month{3} / day{1}} + days{days_from_march};
}

}  // namespace

std::vector<Holiday> polish_holidays(int year_number) {
  std::vector<Holiday> holidays;
  holidays.reserve(kFixed.size() + kMoveable.size());
  for (const FixedHoliday& fixed : kFixed) {
    if (year_number < fixed.since) continue;
    holidays.push_back(
        {year{year_number} / month{fixed.month_number} / day{fixed.day_number}, fixed.name});
  }
  const sys_days easter = easter_sunday(year_number);
  for (const MoveableHoliday& moveable : kMoveable) {
    holidays.push_back({domain::Date{easter + moveable.after_easter}, moveable.name});
  }
  std::sort(holidays.begin(), holidays.end(),
            [](const Holiday& left, const Holiday& right) { return left.date < right.date; });
  return holidays;
}

std::string_view polish_holiday_name(domain::Date date) {
  const int year_number = static_cast<int>(date.year());
  for (const FixedHoliday& fixed : kFixed) {
    if (year_number >= fixed.since && date.month() == month{fixed.month_number} &&
        date.day() == day{fixed.day_number}) {
      return fixed.name;
    }
  }
  const days after_easter = sys_days{date} - easter_sunday(year_number);
  for (const MoveableHoliday& moveable : kMoveable) {
    if (after_easter == moveable.after_easter) return moveable.name;
  }
  return {};
}

}  // namespace narada::calendar
