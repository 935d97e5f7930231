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

TEST_CASE("a range that hangs on If-Range is cut from the same content alone") {
  constexpr std::string_view kTag = "\"5f1d\"";
  constexpr std::string_view kDate = "Sat, 21 Nov 2026 10:00:00 GMT";
  struct Row {
    std::string_view if_range;
    std::string_view etag, last_modified;  // of the answer; empty: none
    int status;
  };
  const std::vector<Row> rows = {
      {"\"5f1d\"", kTag, kDate, 206},
      {"\"5f1d\"", kTag, "", 206},
      {"\"5f1\"", kTag, kDate, 200},
      {"\"5f1d\", \"x\"", kTag, kDate, 200},  // no list
      {"W/\"5f1d\"", kTag, kDate, 200},       // weak ones never match
      {"W/\"5f1d\"", "W/\"5f1d\"", "", 200},
      {"\"5f1d\"", "W/\"5f1d\"", "", 200},
      {"\"5f1d\"", "", kDate, 200},
      {"\"\"", "", "", 200},
      {kDate, kTag, kDate, 206},
      {kDate, "", kDate, 206},
      {kDate, kTag, "", 200},
      {"Sat, 21 Nov 2026 10:00:01 GMT", kTag, kDate, 200},
      {"Sat, 21 Nov 2026 09:59:59 GMT", kTag, kDate, 200},
      // Its second is not over: what is there then may still change.
      {"Fri, 21 Nov 2200 10:00:00 GMT", kTag, "Fri, 21 Nov 2200 10:00:00 GMT", 200},
      {"yesterday", kTag, "yesterday", 200},
      {"*", kTag, kDate, 200},
      {"", kTag, kDate, 200},
      {"", "", "", 200},
  };
  for (const auto& row : rows) {
    CAPTURE(row.if_range);
    CAPTURE(row.etag);
    CAPTURE(row.last_modified);
    Request request;
    request.headers = {{"range", "bytes=1-2"}, {"if-range", std::string(row.if_range)}};
    Response response;
    response.body = FileBody{nullptr, 0, 5};
    if (!row.etag.empty()) response.set("ETag", std::string(row.etag));
    if (!row.last_modified.empty()) response.set("Last-Modified", std::string(row.last_modified));
    apply_range(request, response);
    CHECK(response.status == row.status);
    CHECK(response.body_length() == (row.status == 206 ? 2U : 5U));
  }
}

// "ab" + [100, 104) of a file + "cde", as text: files as their offsets.
std::string described(const Response& response) {
  std::string text;
  for (const auto& segment : std::get<SegmentedBody>(response.body).segments) {
    if (const auto* file = std::get_if<FileBody>(&segment))
      text += "[" + std::to_string(file->offset) + "+" + std::to_string(file->length) + "]";
    else
      text += std::get<std::string>(segment);
  }
  return text;
}

TEST_CASE("a part may begin and end in any of the pieces of a body") {
  struct Row {
    std::string range;
    int status;
    std::string content_range;
    std::string pieces;
  };
  const std::vector<Row> rows = {
      {"bytes=0-", 206, "bytes 0-8/9", "ab[100+4]cde"},
      {"bytes=0-0", 206, "bytes 0-0/9", "a"},
      {"bytes=1-2", 206, "bytes 1-2/9", "b[100+1]"},
      {"bytes=3-4", 206, "bytes 3-4/9", "[101+2]"},
      {"bytes=2-5", 206, "bytes 2-5/9", "[100+4]"},
      {"bytes=-4", 206, "bytes 5-8/9", "[103+1]cde"},
      {"bytes=8-100", 206, "bytes 8-8/9", "e"},
      {"bytes=0-1,3-4", 200, "", "ab[100+4]cde"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.range);
    Request request;
    request.headers = {{"range", row.range}};
    Response response;
    response.body = SegmentedBody{
        {std::string("ab"), FileBody{nullptr, 100, 4}, std::string(), std::string("cde")}};
    apply_range(request, response);
    CHECK(response.status == row.status);
    std::string content_range;
    for (const auto& [name, value] : response.headers)
      if (name == "Content-Range") content_range = value;
    CHECK(content_range == row.content_range);
    CHECK(described(response) == row.pieces);
  }
}

}  // namespace
}  // namespace narada::http::edge
