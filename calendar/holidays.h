#pragma once

#include <string_view>
#include <vector>

#include "service/domain/time.h"

namespace narada::calendar {

struct Holiday {
  domain::Date date;
  std::string_view name;  // Polish
};

// Days off by the Polish act of 18 January 1951, computed by rule for any year 1990..2200 with the
// changes of the law (Epiphany since 2011, Christmas Eve since 2025). Sundays are not listed as
// such.
std::vector<Holiday> polish_holidays(int year);

// Name of the holiday on that day; empty when there is none.
std::string_view polish_holiday_name(domain::Date date);

}  // namespace narada::calendar
