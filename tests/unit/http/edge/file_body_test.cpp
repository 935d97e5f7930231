#include "service/http/edge/file_body.h"

#include <doctest/doctest.h>

#include <vector>

namespace narada::http::edge {
namespace {

using Parsed = std::variant<ByteRange, WholeBody, RangeNotSatisfiable>;

TEST_CASE("one range of bytes is understood, everything else is the whole body") {
  struct Row {
    std::string header;
    std::uint64_t size;
    Parsed expected;
  };
  const std::vector<Row> rows = {
      {"bytes=0-0", 10, ByteRange{0, 1}},
      {"bytes=2-5", 10, ByteRange{2, 4}},
      {"bytes=2-", 10, ByteRange{2, 8}},
      {"bytes=2-99", 10, ByteRange{2, 8}},
      {"bytes=-3", 10, ByteRange{7, 3}},
      {"bytes=-99", 10, ByteRange{0, 10}},
      {"bytes=9-9", 10, ByteRange{9, 1}},
      {"bytes=10-", 10, RangeNotSatisfiable{}},
      {"bytes=0-", 0, RangeNotSatisfiable{}},
      {"bytes=-0", 10, RangeNotSatisfiable{}},
      {"bytes=-5", 0, RangeNotSatisfiable{}},
      {"bytes=5-2", 10, WholeBody{}},
      {"bytes=0-1,3-4", 10, WholeBody{}},
      {"bytes=", 10, WholeBody{}},
      {"bytes=-", 10, WholeBody{}},
      {"bytes=a-b", 10, WholeBody{}},
      {"bytes=1-b", 10, WholeBody{}},
      {"bytes= 1-2", 10, WholeBody{}},
      {"bytes=+1-2", 10, WholeBody{}},
      {"items=0-1", 10, WholeBody{}},
      {"bytes=99999999999999999999-", 10, WholeBody{}},
      {"", 10, WholeBody{}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.header);
    const bool same = parse_range(row.header, row.size) == row.expected;
    CHECK(same);
  }
}

TEST_CASE("only a 200 with a file is cut into parts") {
  Request request;
  request.headers.emplace_back("range", "bytes=0-1");
  auto text = text_response(200, "hello");
  apply_range(request, text);
  CHECK(text.status == 200);
  CHECK(text.body_text() == "hello");

  Response file;
  file.status = 203;
  file.body = FileBody{nullptr, 0, 5};
  apply_range(request, file);
  CHECK(file.status == 203);
  CHECK(file.headers.empty());
}

}  // namespace
}  // namespace narada::http::edge
