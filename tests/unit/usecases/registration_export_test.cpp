#include "service/usecases/registration_export.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <vector>

using namespace narada::usecases;

namespace {

std::string read_whole(const ExportedFile& file) {
  std::string text(file.size, '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const auto got =
        ::pread(*file.descriptor, text.data() + done, text.size() - done, static_cast<off_t>(done));
    REQUIRE(got > 0);
    done += static_cast<std::size_t>(got);
  }
  return text;
}

}  // namespace

TEST_CASE("a CSV cell is quoted where it must be, and never a formula") {
  struct Row {
    const char* name;
    std::string text;
    std::string cell;
  };
  const std::vector<Row> rows = {
      {"empty", "", ""},
      {"plain", "Zgierz", "Zgierz"},
      {"a number", "42", "42"},
      {"a semicolon", "a;b", "\"a;b\""},
      {"a comma", "a,b", "\"a,b\""},
      {"a quote", "sala \"A\"", "\"sala \"\"A\"\"\""},
      {"a line end", "a\nb", "\"a\nb\""},
      {"a carriage return", "a\r\nb", "\"a\r\nb\""},
      {"blanks around", " a ", "\" a \""},
      {"a formula", "=1+1", "\"'=1+1\""},
      {"a formula with a semicolon", "=HYPERLINK(\"x\";\"y\")",
       "\"'=HYPERLINK(\"\"x\"\";\"\"y\"\")\""},
      {"plus", "+48 600 100 100", "\"'+48 600 100 100\""},
      {"minus", "-2+3", "\"'-2+3\""},
      {"at", "@SUM(A1)", "\"'@SUM(A1)\""},
      {"a tab before a formula", "\t=1", "\"'\t=1\""},
      {"a return before a formula", "\r=1", "\"'\r=1\""},
      {"a minus inside", "a-b", "a-b"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CHECK(csv_cell(row.text) == row.cell);
  }
}

TEST_CASE("a CSV file begins with a byte order mark and ends its lines with CRLF") {
  const auto file = make_csv_file({"Imię", "Instytucja"});
  file->add_row({"Łucja", "Gmina; wiejska"});
  file->add_row({"", ""});
  CHECK(read_whole(file->finish()) ==
        "\xEF\xBB\xBFImię;Instytucja\r\nŁucja;\"Gmina; wiejska\"\r\n;\r\n");
}

TEST_CASE("a spreadsheet is a ZIP archive that holds its rows as text") {
  const auto file = make_spreadsheet_file("Zgłoszenia", {"Imię", "Pytanie"});
  for (int index = 0; index < 3000; ++index) file->add_row({"Łucja", "=1+1"});
  const auto text = read_whole(file->finish());
  CHECK(text.starts_with("PK\x03\x04"));
  CHECK(text.size() > 2000);
}

TEST_CASE("a spreadsheet that is not finished leaves nothing behind") {
  auto file = make_spreadsheet_file("Zgłoszenia", {"Imię"});
  file->add_row({"Łucja"});
  file.reset();
  CHECK_THROWS_AS(make_spreadsheet_file("a[b", {"Imię"}), std::runtime_error);
}
