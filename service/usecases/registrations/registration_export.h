#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace narada::usecases {

// A finished file without a name in the file system: gone when the descriptor is closed.
struct ExportedFile {
  std::shared_ptr<int> descriptor;  // closes itself
  std::uint64_t size = 0;
};

// A table on its way into a file, row by row, in memory that does not grow with it. Not
// thread-safe. Everything throws std::runtime_error when the disk does not take it.
class TableFile {
 public:
  virtual ~TableFile() = default;
  // One cell of each column; UTF-8.
  virtual void add_row(const std::vector<std::string>& cells) = 0;
  // Once, at the end.
  virtual ExportedFile finish() = 0;
};

// RFC 4180 with what spreadsheets in Poland expect: UTF-8 with a byte order mark, semicolons, CRLF.
// What a spreadsheet would take for a formula stands behind an apostrophe.
std::unique_ptr<TableFile> make_csv_file(const std::vector<std::string>& headings);
// Office Open XML, one sheet, all cells text: nothing is a formula. `sheet` is its name, at most 31
// characters and none of []:*?/\.
std::unique_ptr<TableFile> make_spreadsheet_file(const std::string& sheet,
                                                 const std::vector<std::string>& headings);

// One cell of a CSV file.
std::string csv_cell(const std::string& text);

}  // namespace narada::usecases
