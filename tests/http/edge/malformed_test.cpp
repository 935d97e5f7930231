// Requests that a strict server must refuse: one answer with the right status, then the end of the
// connection, so that nothing behind the error is ever taken for a request.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/http/edge/raw_client.h"
#include "tests/http/edge/test_site.h"

namespace narada::test {
namespace {

struct Shape {
  std::string name;
  int status;
  std::string bytes;
};

const std::string kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

std::string post(const std::string& fields, const std::string& body) {
  return "POST /echo HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n" + body;
}

std::string chunked(const std::string& body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}

std::string get(const std::string& target, const std::string& fields = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

const std::vector<Shape>& request_lines() {
  static const std::vector<Shape> shapes = {
      {"HTTP/0.9", 400, "GET /\r\n"},
      {"HTTP/2 preface", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
      {"version 9.9", 505, "GET / HTTP/9.9\r\nHost: x\r\n\r\n"},
      {"version cut", 400, "GET / H\r\nHost: x\r\n\r\n"},
      {"version in lower case", 400, "GET / http/1.1\r\nHost: x\r\n\r\n"},
      {"version with more digits", 400, "GET / HTTP/1.10\r\nHost: x\r\n\r\n"},
      {"method in lower case", 501, "get / HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"unknown method", 501, "FOO / HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"TRACE", 501, "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"CONNECT", 501, "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"PROPFIND", 501, "PROPFIND / HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"method with a separator", 400, "G(T / HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"TLS instead of HTTP", 400, std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)},
      {"space first", 400, " GET / HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"empty target", 400, "GET  HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"two spaces", 400, "GET  / HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"tab between", 400, "GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n"},
      {"space in the target", 400, get("/a b")},
      {"target without slash", 400, get("echo")},
      {"asterisk for GET", 400, get("*")},
      {"fragment", 400, get("/echo#frag")},
      {"other scheme", 400, get("ftp://x/echo")},
      {"NUL in the target", 400, get(std::string("/a\0b", 4))},
      {"byte above ASCII in the target", 400, get("/\xff")},
      {"bad percent sequence", 400, get("/echo%zz")},
      {"cut percent sequence", 400, get("/100%")},
      {"encoded NUL", 400, get("/echo%00")},
      {"encoded line break", 400, get("/echo%0d%0aX")},
      {"path not UTF-8", 400, get("/%ff%fe")},
      {"overlong UTF-8", 400, get("/%c0%ae%c0%ae/")},
      {"dot segments", 400, get("/s/../../etc/passwd")},
      {"encoded dot segments", 400, get("/s/%2e%2e/etc/passwd")},
      {"bad percent in the query", 400, get("/echo?a=%zz")},
      {"query not UTF-8", 400, get("/echo?a=%ff")},
      {"NUL in the query", 400, get("/echo?a=%00")},
      {"empty lines without end", 400, "\r\n\r\n\r\n\r\n\r\n\r\n\r\n"},
  };
  return shapes;
}

const std::vector<Shape>& fields() {
  static const std::vector<Shape> shapes = {
      {"no Host", 400, "GET / HTTP/1.1\r\n\r\n"},
      {"two Hosts", 400, get("/", "Host: y\r\n")},
      {"Host with a space", 400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
      {"Host with a path", 400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
      {"Host with a bad port", 400, "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"},
      {"bare LF", 400, "GET / HTTP/1.1\nHost: x\n\n"},
      {"bare LF in fields", 400, "GET / HTTP/1.1\r\nHost: x\nX: y\r\n\r\n"},
      {"bare CR", 400, "GET / HTTP/1.1\r\nHost: x\rX: y\r\n\r\n"},
      {"obs-fold", 400, get("/", "X: a\r\n b\r\n")},
      {"obs-fold at once", 400, "GET / HTTP/1.1\r\n Host: x\r\n\r\n"},
      {"no colon", 400, get("/", "Foo\r\n")},
      {"space before the colon", 400, get("/", "X : y\r\n")},
      {"empty name", 400, get("/", ": y\r\n")},
      {"byte above ASCII in a name", 400, get("/", "\xff: 1\r\n")},
      {"NUL in a value", 400, get("/", std::string("X: a\0b\r\n", 8))},
      {"DEL in a value", 400, get("/", "X: a\x7f\r\n")},
      {"unknown expectation", 417, post("Content-Length: 1\r\nExpect: magic\r\n", "x")},
      {"line of 20 KB", 431, get("/", "X: " + std::string(20'000, 'a') + "\r\n")},
      {"150 lines", 431,
       [] {
         std::string lines;
         for (int i = 0; i < 150; ++i) lines += "X" + std::to_string(i) + ": y\r\n";
         return get("/", lines);
       }()},
      {"target of 9 KB", 414, get("/" + std::string(9'000, 'a'))},
      {"target of 100 KB", 414, get("/" + std::string(100'000, 'a'))},
  };
  return shapes;
}

const std::vector<Shape>& framings() {
  const std::string hello = "5\r\nhello\r\n0\r\n\r\n";
  static const std::vector<Shape> shapes = {
      {"Content-Length twice", 400, post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")},
      {"Content-Length 5 and 0", 400, post("Content-Length: 5\r\nContent-Length: 0\r\n", "hello")},
      {"Content-Length list", 400, post("Content-Length: 5, 5\r\n", "hello")},
      {"Content-Length +5", 400, post("Content-Length: +5\r\n", "hello")},
      {"Content-Length 5abc", 400, post("Content-Length: 5abc\r\n", "hello")},
      {"Content-Length 0x5", 400, post("Content-Length: 0x5\r\n", "hello")},
      {"Content-Length abc", 400, post("Content-Length: abc\r\n", "hello")},
      {"Content-Length -1", 400, post("Content-Length: -1\r\n", "hello")},
      {"Content-Length empty", 400, post("Content-Length:\r\n", "hello")},
      {"Content-Length 2^64", 400, post("Content-Length: 18446744073709551616\r\n", "hello")},
      {"Content-Length 10 TB", 413, post("Content-Length: 10000000000000\r\n", "hello")},
      {"Content-Length with space", 400, post("Content-Length : 5\r\n", "hello")},
      {"no length in HTTP/1.0", 411, "POST /echo HTTP/1.0\r\n\r\nhello"},
      {"Expect without length", 411, post("Expect: 100-continue\r\n", "")},
      {"both framings", 400, post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", hello)},
      {"both, other order", 400,
       post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", hello)},
      {"both, odd encoding", 400, post("Transfer-Encoding: x\r\nContent-Length: 5\r\n", "hello")},
      {"Transfer-Encoding twice", 400,
       post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", hello)},
      {"Transfer-Encoding xchunked", 501, post("Transfer-Encoding: xchunked\r\n", hello)},
      {"Transfer-Encoding ch", 501, post("Transfer-Encoding: ch\r\n", hello)},
      {"gzip, chunked", 501, post("Transfer-Encoding: gzip, chunked\r\n", hello)},
      {"chunked, chunked", 501, post("Transfer-Encoding: chunked, chunked\r\n", hello)},
      {"Transfer-Encoding with space", 400, post("Transfer-Encoding : chunked\r\n", hello)},
      {"chunked in HTTP/1.0", 400,
       "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + hello},
      {"chunk size -1", 400, chunked("-1\r\nhello\r\n0\r\n\r\n")},
      {"chunk size 0x5", 400, chunked("0x5\r\nhello\r\n0\r\n\r\n")},
      {"chunk size empty", 400, chunked("\r\nhello\r\n0\r\n\r\n")},
      {"chunk size with space", 400, chunked(" 5\r\nhello\r\n0\r\n\r\n")},
      {"chunk size 2^68", 400, chunked("fffffffffffffffff\r\nhello\r\n0\r\n\r\n")},
      {"chunk size 2^63", 413, chunked("7fffffffffffffff\r\nhello\r\n0\r\n\r\n")},
      {"chunk longer than said", 400, chunked("3\r\nhello\r\n0\r\n\r\n")},
      {"chunk with bare LF", 400, chunked("5\nhello\n0\n\n")},
      {"trailer of 20 KB", 400, chunked("0\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n")},
      {"chunk extension of 20 KB", 400, chunked("5;" + std::string(20'000, 'a') + "\r\nhello\r\n")},
      {"body over the limit", 413,
       "POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n" +
           std::string(70'000, 'A')},
      {"chunks over the limit", 413,
       "POST /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n8000\r\n" +
           std::string(0x8000, 'A') + "\r\n8001\r\n" + std::string(0x8001, 'A') + "\r\n0\r\n\r\n"},
  };
  return shapes;
}

void check_refused(RawClient& client, const Shape& shape) {
  const auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->status == shape.status);
  CHECK(answer->header("connection") == "close");
  CHECK(client.read_to_end());
  CHECK(client.unread() == "");  // the GET behind the error was not answered
}

void check_all(const std::vector<Shape>& shapes) {
  TestServer server(small_server());
  for (const auto& shape : shapes) {
    CAPTURE(shape.name);
    RawClient whole(server.port());
    whole.send(shape.bytes + kGet);
    check_refused(whole, shape);

    RawClient bytewise(server.port());
    bytewise.send_bytewise(shape.bytes);
    bytewise.send(kGet);
    check_refused(bytewise, shape);
  }
  CHECK(server.server().statistics().refused_total == 2 * shapes.size());
  RawClient after(server.port());
  after.send(kGet);
  const auto answer = after.read_answer();
  REQUIRE(answer);
  CHECK(answer->status == 200);
}

TEST_CASE("malformed request lines are refused and the connection ends") {
  check_all(request_lines());
}

TEST_CASE("malformed header fields are refused and the connection ends") { check_all(fields()); }

TEST_CASE("ambiguous and oversized bodies are refused and the connection ends") {
  check_all(framings());
}

}  // namespace
}  // namespace narada::test
