#include "service/usecases/files/csv.h"

#include <doctest/doctest.h>

using namespace narada::usecases;

namespace {

// Rows as "line: a=1 b=2", or the error as "line: code".
std::vector<std::string> read(std::string_view text) {
  try {
    std::vector<std::string> rows;
    const CsvTable table = parse_csv(text);
    for (const CsvRow& row : table.rows) {
      std::string& shown = rows.emplace_back(std::to_string(row.line) + ":");
      for (const auto& column : table.columns) shown += " " + column + "=" + row[column];
    }
    return rows;
  } catch (const CsvError& error) {
    return {std::to_string(error.line) + ": " + error.code};
  }
}

}  // namespace

TEST_CASE("CSV is read as spreadsheets write it") {
  struct Row {
    const char* name;
    std::string text;
    std::vector<std::string> rows;
  };
  const std::vector<Row> rows = {
      {"commas", "a,b\n1,2\n", {"2: a=1 b=2"}},
      {"semicolons, CRLF, byte order mark",
       "\xEF\xBB\xBF"
       "a;b\r\n1,5;2\r\n",
       {"2: a=1,5 b=2"}},
      {"a semicolon in a quoted header does not separate", "\"a;\",b\n1,2\n", {"2: a;=1 b=2"}},
      {"no line end at the end", "a,b\n1,2", {"2: a=1 b=2"}},
      {"old Macintosh line ends", "a,b\r1,2\r3,4", {"2: a=1 b=2", "3: a=3 b=4"}},
      {"quoted cells",
       "a,b\n\"1,\"\"x\"\"\",\"2\n3\"\n4,5\n",
       {"2: a=1,\"x\" b=2\n3", "4: a=4 b=5"}},
      {"blanks around cells", "a , b\n 1 ,\t\"2\" \n", {"2: a=1 b=2"}},
      {"empty cells", "a,b\n,\n1,\n", {"3: a=1 b="}},
      {"empty lines", "\na,b\n\n1,2\n\n\n3,4\n", {"4: a=1 b=2", "7: a=3 b=4"}},
      {"header only", "a,b\n", {}},
      {"nothing", "", {"1: no_header"}},
      {"too few cells", "a,b\n1\n", {"2: wrong_number_of_cells"}},
      {"too many cells", "a,b\n1,2,3\n", {"2: wrong_number_of_cells"}},
      {"a quote that never closes", "a,b\n1,2\n\"3,4\n5,6\n", {"3: unclosed_quote"}},
      {"text after a quote", "a,b\n\"1\"x,2\n", {"2: text_after_quote"}},
      {"a quote inside a bare cell is text", "a,b\n1\"x,2\n", {"2: a=1\"x b=2"}},
      {"one name twice", "a,a\n1,2\n", {"1: duplicate_column"}},
      {"201 columns", std::string(200, ',') + "\n", {"1: too_large"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(read(row.text) == row.rows);
  }
}

TEST_CASE("a column that a file has not is empty") {
  const CsvTable table = parse_csv("a\n1\n");
  CHECK(table.has_column("a"));
  CHECK_FALSE(table.has_column("b"));
  CHECK(table.rows.front()["b"].empty());
}

TEST_CASE("a cell of several values is split at bars") {
  CHECK(split_cell("a| b ||c|") == std::vector<std::string>{"a", "b", "c"});
  CHECK(split_cell("").empty());
}
