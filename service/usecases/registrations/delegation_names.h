#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/domain/meeting.h"
#include "service/domain/outcome.h"

namespace narada::usecases {

// A person as a row of a pasted table names them, checked as far as the row alone goes.
struct NamedRow {
  int line = 0;  // on which it begins, counted from 1
  std::string full_name;
  std::string email;
  std::string position;
  std::optional<domain::AttendanceMode> mode;  // absent: nothing is said
  std::string superior_name;
  std::string superior_email;
  std::string original;        // as pasted, without the line break
  domain::FieldErrors errors;  // also duplicate_row {line}
};

struct PastedNames {
  std::string header;  // as pasted; empty: the table has none
  std::vector<NamedRow> rows;

  // The header and these rows, to be pasted again.
  std::string text_of(const std::vector<const NamedRow*>& some) const;
};

inline constexpr std::size_t kMostPastedRows = 1000;
inline constexpr std::size_t kMostPastedOctets = 400'000;

// A table copied out of a spreadsheet: cells are divided by tabs, semicolons or commas, whichever
// the first line has, and may stand in quotes. Columns are known by a heading in Polish or English,
// in any order, or without headings by what stands in them: the first address is the person's, the
// second the superior's. Empty lines are left out. A quote that nobody closes is a character of its
// row alone. Errors are those of the whole: required, too_many_rows {max}, too_long.
domain::Outcome<PastedNames> parse_names(std::string_view text);

// "na miejscu", "zdalnie", "online"; case does not count.
std::optional<domain::AttendanceMode> find_typed_mode(std::string_view text);

}  // namespace narada::usecases
