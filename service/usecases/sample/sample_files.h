#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/domain/time.h"
#include "service/usecases/files/csv.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/meetings.h"
#include "service/usecases/practices/practices.h"

namespace narada::usecases {

// Something in a file of sample/ that cannot be read.
struct SampleError {
  std::string place;   // "meetings.csv lines[12].form"
  std::string reason;  // what stands there
};

// The forms in the files of sample/ (their README.md describes the columns). All throw SampleError.
CsvTable load_sample_table(const std::string& directory, const std::string& file);

CycleForm read_cycle_row(const CsvRow& row);
// Of a meeting that took place.
MeetingForm read_past_meeting_row(const CsvRow& row);
PracticeForm read_practice_row(const CsvRow& row);

// One of the examples, dated from `today`: the first of its weekday at least so many days ahead
// that is no public holiday.
MeetingForm read_upcoming_row(const CsvRow& row, domain::Date today);
// The open cycle with six monthly sessions on third Tuesdays, 10:00-14:00, the first at least two
// weeks after `today`.
CycleForm read_open_cycle(const CsvTable& cycle, const CsvTable& sessions, domain::Date today);

}  // namespace narada::usecases
