#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/domain/meeting.h"
#include "service/domain/outcome.h"
#include "service/domain/time.h"

namespace narada::http::pages {

// What people type into one input of a panel's form, and back. Each gives absence for an empty
// text; for one that cannot be read it also adds an error of the input.

// "2027-01-21", also "21.01.2027": 00:00 of that day.
std::optional<domain::WallTime> read_day(std::string_view typed, const std::string& input,
                                         domain::FieldErrors& errors);
// "2027-05", also "05.2027": 00:00 of its first day.
std::optional<domain::WallTime> read_month(std::string_view typed, const std::string& input,
                                           domain::FieldErrors& errors);
// "9:30", "09:30", "9.30" or "9": minutes after midnight.
std::optional<int> read_clock(std::string_view typed, const std::string& input,
                              domain::FieldErrors& errors);
std::optional<int> read_number(std::string_view typed, const std::string& input,
                               domain::FieldErrors& errors);

std::string clock_text(int minutes);            // "09:30"
std::string clock_text(domain::WallTime time);  // "09:30"
std::string number_text(std::optional<int> number);

// A day and hours as they were typed. Without hours the whole days are meant; without a day the
// month, where one is given.
struct TypedTimes {
  domain::WallTime starts{};
  domain::WallTime ends{};
  domain::TimePrecision precision = domain::TimePrecision::minute;
};
// Texts of a day, hours and, where it is another, the last day, or of a month alone, and the names
// of their inputs. Zero starts: no day that can be read.
struct TimeTexts {
  std::string day, starts, ends, last_day, month = {};
};
struct TimeInputs {
  std::string day, starts, ends, last_day, month = {};
};
TypedTimes read_times(const TimeTexts& typed, const TimeInputs& inputs,
                      domain::FieldErrors& errors);
TimeTexts time_texts(domain::WallTime starts, domain::WallTime ends,
                     domain::TimePrecision precision);

}  // namespace narada::http::pages
