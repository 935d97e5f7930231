#pragma once

#include <string>

#include "service/domain/language.h"
#include "service/domain/meeting.h"
#include "service/domain/time.h"

namespace narada::web {

// Dates and hours in words, as people write them in each language. Wall times stay as they are: no
// zone is applied. Thread-safe.

std::string weekday_date(domain::Language language,
                         domain::WallTime at);                         // czwartek, 21 stycznia 2027
std::string day_date(domain::Language language, domain::WallTime at);  // 21 stycznia 2027
std::string month_year(domain::Language language, domain::WallTime at);     // styczeń 2027
std::string month_heading(domain::Language language, domain::WallTime at);  // Styczeń 2027
std::string month_of_day(domain::Language language, domain::WallTime at);   // stycznia 2027
std::string weekday_name(domain::Language language, domain::WallTime at);   // czwartek
std::string weekday_short(domain::Language language, domain::WallTime at);  // czw.
std::string clock_time(domain::WallTime at);                                // 9:30
std::string iso_date(domain::WallTime at);                                  // 2027-01-21

// "czwartek, 21 stycznia 2027, 9:30–15:30"; of whole days "2–6 grudnia 2022" or one day alone,
// where `ends` is 00:00 of the day after the last.
std::string time_range(domain::Language language, domain::WallTime starts, domain::WallTime ends,
                       bool whole_days);
// As above; of a half-fixed meeting "styczeń 2027, dzień w ustaleniu".
std::string time_range(domain::Language language, const domain::MeetingTimes& times);
// Its first day; of a half-fixed meeting its month.
std::string day_date(domain::Language language, const domain::MeetingTimes& times);
// "9:30–15:30"
std::string hours_range(domain::WallTime starts, domain::WallTime ends);
// "październik 2026 – kwiecień 2027", one month alone when they are the same.
std::string month_range(domain::Language language, domain::WallTime first, domain::WallTime last);

}  // namespace narada::web
