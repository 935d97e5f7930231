#include "service/domain/file_name.h"

#include <doctest/doctest.h>

#include <string>

using narada::domain::shown_file_name;

TEST_CASE("of a name that somebody sends only its harmless part is shown") {
  struct Row {
    const char* what;
    std::string sent;
    std::string shown;
  };
  const std::string kLong(300, 'a');
  std::string letters;
  for (int i = 0; i < 300; ++i) letters += "ż";
  std::string letters_shown;
  for (int i = 0; i < 196; ++i) letters_shown += "ż";
  const Row kRows[] = {
      {"as it is", "Prezentacja – zażółć.pdf", "Prezentacja – zażółć.pdf"},
      {"folders of Unix", "../../etc/passwd", "passwd"},
      {"folders of Windows", "C:\\Users\\Anna\\plan.docx", "plan.docx"},
      {"only folders", "a/b/", "plik"},
      {"nothing", "", "plik"},
      {"dots", "..", "plik"},
      {"blanks around", "  plan.pdf  ", "plan.pdf"},
      {"a dot at the end", "plan.pdf.", "plan.pdf"},
      {"control characters", std::string("a\0b\r\nc\x7f.pdf", 11), "abc.pdf"},
      {"C1", "a\xC2\x85.pdf", "a.pdf"},
      {"a text turned around", "umowa\u202Efdp.exe", "umowafdp.exe"},
      {"isolates", "\u2066umowa\u2069.pdf", "umowa.pdf"},
      {"an Arabic name", "\u0645\u0644\u0641.pdf", "\u0645\u0644\u0641.pdf"},
      {"no UTF-8", "a\xff\xc0\xaf.pdf", "a.pdf"},
      {"a cut character", "a\xc5", "a"},
      {"a surrogate", "a\xed\xa0\x80.pdf", "a.pdf"},
      {"zero width", "a\u200B\uFEFF.pdf", "a.pdf"},
      {"too long", kLong, std::string(200, 'a')},
      {"too long with an ending", letters + ".pdf", letters_shown + ".pdf"},
      {"too long an ending", "x." + kLong, "x." + std::string(198, 'a')},
  };
  for (const auto& row : kRows) {
    CAPTURE(std::string(row.what));
    CHECK(shown_file_name(row.sent, "plik") == row.shown);
  }
}
