#include "service/usecases/files/text_encoding.h"

#include <doctest/doctest.h>

using narada::usecases::find_utf8;

TEST_CASE("a file is UTF-8 where it can be, and else Windows-1250") {
  struct Case {
    const char* name;
    std::string bytes;
    std::string text;
  };
  const Case cases[] = {
      {"nothing", "", ""},
      {"ASCII", "teryt;name\r\n", "teryt;name\r\n"},
      {"UTF-8", "Łódź – „miasto”", "Łódź – „miasto”"},
      {"UTF-8 with a mark", "\xEF\xBB\xBFŁódź", "Łódź"},
      {"beyond the first plane", "\xF0\x9F\x8F\x9B", "\xF0\x9F\x8F\x9B"},
      {"Polish letters", "\xA5\xC6\xCA\xA3\xD1\xD3\x8C\x8F\xAF", "ĄĆĘŁŃÓŚŹŻ"},
      {"Polish small letters", "\xB9\xE6\xEA\xB3\xF1\xF3\x9C\x9F\xBF", "ąćęłńóśźż"},
      {"Polish quotation", "\x84Gmina\x94 \x96 miasto", "„Gmina” – miasto"},
      {"an overlong form is no UTF-8", "\xC0\xAF", "ŔŻ"}};
  for (const auto& [name, bytes, text] : cases) {
    CAPTURE(name);
    CHECK(find_utf8(bytes) == text);
  }
}

TEST_CASE("what is in neither encoding is no text") {
  for (const std::string bytes : {"\x81", "a\x98", "\xFF\xFEt", "\xFE\xFF"}) {
    CHECK_FALSE(find_utf8(bytes));
  }
}
