#include "service/usecases/materials/material_archive.h"

#include <doctest/doctest.h>

using namespace narada;

TEST_CASE("names in an archive unpack everywhere, each once and within its folder") {
  struct Row {
    std::string section, file_name, name;
  };
  const std::vector<Row> rows = {
      {"", "karta.pdf", "karta.pdf"},
      {"", "KARTA.pdf", "KARTA (2).pdf"},
      {"", "karta.pdf", "karta (3).pdf"},
      {"", "czytaj.TXT", "czytaj (2).TXT"},
      {"Część 1", "karta.pdf", "Część 1/karta.pdf"},
      {"..", "a.pdf", "a.pdf"},
      {"../etc", "b.pdf", "_etc/b.pdf"},
      {"", "../../passwd", "_.._passwd"},
      {"", "C:\\x.pdf", "C__x.pdf"},
      {"", "con.txt", "_con.txt"},
      {"", "Aux", "_Aux"},
      {"", "koniec. ", "koniec"},
      {"", "", "plik"},
      {"", "...", "plik (2)"},
      {"", "\u202Efdp.exe", "fdp.exe"},
      {"", "a\nb\"c?.txt", "a_b_c_.txt"},
      {"", "Część 1", "Część 1 (2)"},  // a folder has that name
      {"", std::string(300, 'x') + ".pdf", std::string(120, 'x') + ".pdf"},
  };
  std::vector<usecases::ArchivedFile> files;
  for (const auto& row : rows) files.push_back({row.section, row.file_name, {}, {}});
  usecases::name_archived_files(files, "CZYTAJ.txt");
  for (std::size_t index = 0; index < rows.size(); ++index)
    CHECK(files[index].name == rows[index].name);
}
