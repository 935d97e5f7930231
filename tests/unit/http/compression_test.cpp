#include "service/http/compression.h"

#include <doctest/doctest.h>
#include <zlib.h>

#include "service/http/response_headers.h"

using namespace narada::http;

namespace {

std::string gunzip(std::string_view bytes) {
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

Request request_with(const std::string& accept_encoding) {
  Request request;
  request.headers.emplace_back("accept-encoding", accept_encoding);
  return request;
}

const std::string kLongText(5000, 'a');

}  // namespace

TEST_CASE("Accept-Encoding is read with its q values") {
  struct Row {
    const char* header;
    bool accepted;
  };
  const Row rows[] = {{"gzip", true},
                      {"deflate, gzip;q=0.5", true},
                      {"gzip;q=0", false},
                      {"gzip; q=0.000", false},
                      {"*", true},
                      {"*;q=0", false},
                      {"*, gzip;q=0", false},
                      {"", false},
                      {"identity", false},
                      {"br", false},
                      {"x-gzip", true},
                      {"gzipped", false},
                      {"gzip;q=0.001", true},
                      {" gzip , br", true}};
  for (const Row& row : rows) {
    CAPTURE(row.header);
    CHECK(accepts_gzip(row.header) == row.accepted);
  }
}

TEST_CASE("long text goes out as gzip that reads back the same, under a tag of its own") {
  Compressor compressor;
  Response response = html_response(200, kLongText);
  response.set("ETag", "\"a\"");
  compressor.compress(request_with("gzip"), response);
  CHECK(find_header(response, "Content-Encoding") == "gzip");
  CHECK(find_header(response, "Vary") == "Accept-Encoding");
  CHECK(find_header(response, "ETag") == "\"a-gzip\"");
  CHECK(response.body_text().size() < 200);
  CHECK(gunzip(response.body_text()) == kLongText);
}

TEST_CASE("what does not gain or must not be compressed stays as it is") {
  const auto stays = [](const Request& request, Response response) {
    Compressor compressor;
    const std::string before(response.body_text());
    compressor.compress(request, response);
    return !has_header(response, "Content-Encoding") && response.body_text() == before;
  };
  CHECK(stays(request_with("gzip"), html_response(200, "short")));
  CHECK(stays(request_with("br"), html_response(200, kLongText)));
  Response image = html_response(200, kLongText);
  CHECK(stays(request_with("gzip"), image.set("Content-Type", "image/png")));
  Response done = html_response(200, kLongText);
  done.set("Content-Encoding", "br");
  Compressor().compress(request_with("gzip"), done);
  CHECK(find_header(done, "Content-Encoding") == "br");
  Response secret = html_response(200, kLongText);
  CHECK(stays(request_with("gzip"), secret.set("Cache-Control", "no-store")));
}

TEST_CASE("a shared body is compressed once") {
  Compressor compressor;
  const auto shared = std::make_shared<const std::string>(kLongText);
  const auto compressed = [&] {
    Response response = html_response(200, "");
    response.body = shared;
    compressor.compress(request_with("gzip"), response);
    return std::get<std::shared_ptr<const std::string>>(response.body);
  };
  CHECK(compressed() == compressed());
}
