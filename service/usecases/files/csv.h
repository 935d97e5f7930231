#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace narada::usecases {

// A row of a CSV file: what stands under each name of the header.
struct CsvRow {
  int line = 0;  // on which it begins, counted from 1 with the header
  std::map<std::string, std::string, std::less<>> cells;

  // Empty also where the file has no such column.
  const std::string& operator[](std::string_view column) const;
};

struct CsvTable {
  std::vector<std::string> columns;
  std::vector<CsvRow> rows;

  bool has_column(std::string_view column) const;
};

// What is wrong with the shape of a file; the first such place.
struct CsvError {
  int line = 0;
  std::string code;  // unclosed_quote, text_after_quote, wrong_number_of_cells, no_header,
                     // duplicate_column, too_large
};

// RFC 4180 with what spreadsheets make of it: a byte order mark is skipped, the separator is ; when
// the header has one outside quotes and , otherwise, lines end in CRLF, LF or CR, empty lines are
// left out. Blanks around a cell that is not quoted do not count. Throws CsvError.
CsvTable parse_csv(std::string_view text);

// The values of a cell that holds several, separated by |; empty ones are left out.
std::vector<std::string> split_cell(std::string_view cell, char separator = '|');

}  // namespace narada::usecases
