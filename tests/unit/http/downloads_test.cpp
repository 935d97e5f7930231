#include "service/http/downloads.h"

#include <doctest/doctest.h>

#include <vector>

using namespace narada;
using http::Disposition;

TEST_CASE("a file name is said in ASCII and as it is, and never as a path") {
  struct Row {
    std::string name, header, segment;
  };
  const std::vector<Row> rows = {
      {"karta.pdf", "attachment; filename=\"karta.pdf\"", "karta.pdf"},
      {"karta pracy.pdf", "attachment; filename=\"karta pracy.pdf\"", "karta%20pracy.pdf"},
      {"Żółw.pdf", "attachment; filename=\"Zolw.pdf\"; filename*=UTF-8''%C5%BB%C3%B3%C5%82w.pdf",
       "%C5%BB%C3%B3%C5%82w.pdf"},
      {"a\"b.pdf", "attachment; filename=\"a_b.pdf\"; filename*=UTF-8''a%22b.pdf", "a%22b.pdf"},
      {"100%.pdf", "attachment; filename=\"100_.pdf\"; filename*=UTF-8''100%25.pdf", "100%25.pdf"},
      {"日本.pdf", "attachment; filename=\"__.pdf\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.pdf",
       "%E6%97%A5%E6%9C%AC.pdf"},
      {"../x\\y.pdf", "attachment; filename=\".._x_y.pdf\"", ".._x_y.pdf"},
      {"a\r\nX: y.pdf", "attachment; filename=\"aX: y.pdf\"", "aX%3A%20y.pdf"},
      {"\u202Efdp.exe", "attachment; filename=\"fdp.exe\"", "fdp.exe"},
      {"..", "attachment; filename=\"plik\"", "plik"},
      {"", "attachment; filename=\"plik\"", "plik"},
      {"x\xC5", "attachment; filename=\"x_\"; filename*=UTF-8''x%C5", "x%C5"},
  };
  for (const auto& row : rows) {
    CHECK(http::content_disposition(Disposition::attachment, row.name) == row.header);
    CHECK(http::path_segment_of(row.name) == row.segment);
  }
  CHECK(http::content_disposition(Disposition::in_line, "a.png") == "inline; filename=\"a.png\"");
}

TEST_CASE("dates of HTTP are in English and in universal time") {
  const domain::Instant when{std::chrono::sys_days(std::chrono::year(2027) / 1 / 4) +
                             std::chrono::hours(9)};
  CHECK(http::http_date(when) == "Mon, 04 Jan 2027 09:00:00 GMT");
}
