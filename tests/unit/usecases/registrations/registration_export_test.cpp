#include "service/usecases/registrations/registration_export.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>
#include <zip.h>

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

// What stands in one file of an archive.
std::string read_entry(const std::string& archive, const char* name) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(archive.data(), archive.size(), 0, &error);
  REQUIRE(source != nullptr);
  zip_t* opened = zip_open_from_source(source, ZIP_RDONLY, &error);
  REQUIRE(opened != nullptr);
  zip_stat_t found;
  REQUIRE(zip_stat(opened, name, 0, &found) == 0);
  std::string text(found.size, '\0');
  zip_file_t* file = zip_fopen(opened, name, 0);
  REQUIRE(file != nullptr);
  CHECK(zip_fread(file, text.data(), text.size()) == static_cast<zip_int64_t>(text.size()));
  zip_fclose(file);
  zip_discard(opened);
  return text;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
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

TEST_CASE("a spreadsheet holds its rows as text, none as a formula") {
  const auto file = make_spreadsheet_file("Zgłoszenia", {"Imię", "Pytanie"});
  for (int index = 0; index < 3000; ++index) file->add_row({"Łucja & <b>", "=1+1"});
  file->add_row({"", "ostatni\x01"});
  const auto archive = read_whole(file->finish());
  const auto sheet = read_entry(archive, "xl/worksheets/sheet1.xml");
  CHECK(count_of(sheet, "<row ") == 3002);
  CHECK(count_of(sheet, ">Imię<") == 1);
  CHECK(count_of(sheet, ">Łucja &amp; &lt;b&gt;<") == 3000);
  CHECK(count_of(sheet, ">=1+1<") == 3000);
  CHECK(count_of(sheet, "<f>") == 0);
  CHECK(count_of(sheet, "ostatni_x0001_") == 1);
  CHECK(read_entry(archive, "xl/workbook.xml").find("name=\"Zgłoszenia\"") != std::string::npos);
}

TEST_CASE("a spreadsheet that is not finished leaves nothing behind") {
  auto file = make_spreadsheet_file("Zgłoszenia", {"Imię"});
  file->add_row({"Łucja"});
  file.reset();
  CHECK_THROWS_AS(make_spreadsheet_file("a[b", {"Imię"}), std::runtime_error);
}
