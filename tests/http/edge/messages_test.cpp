// What well-formed requests get.
#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

#include "tests/http/edge/raw_client.h"
#include "tests/http/edge/test_site.h"

namespace narada::test {
namespace {

using namespace std::chrono_literals;

Answer ask(RawClient& client, std::string_view request, BodyExpected body = BodyExpected::yes) {
  REQUIRE(client.send(request));
  auto answer = client.read_answer(10s, body);
  REQUIRE(answer);
  return *answer;
}

TEST_CASE("an answer carries status, date, fields, length and body") {
  TestServer server(small_server());
  RawClient client(server.port());
  for (const auto* target : {"/", "/pool"}) {
    const auto answer = ask(client, get_request(target));
    CHECK(answer.status == 200);
    CHECK(answer.body == "hello\n");
    CHECK(answer.header("content-type") == "text/plain; charset=utf-8");
    CHECK(answer.header("content-length") == "6");
    CHECK(answer.header("connection") == "");
    const auto date = answer.header("date");  // "Sun, 06 Nov 1994 08:49:37 GMT"
    CHECK(date.size() == 29);
    CHECK(date.substr(25) == " GMT");
  }
}

TEST_CASE("HEAD answers as GET does, without the body") {
  TestServer server(small_server());
  RawClient client(server.port());
  const auto head = ask(client, "HEAD /kb?n=3 HTTP/1.1\r\nHost: x\r\n\r\n", BodyExpected::no);
  CHECK(head.status == 200);
  CHECK(head.header("content-length") == "3072");
  CHECK(ask(client, get_request("/")).body == "hello\n");  // nothing stands between
}

TEST_CASE("204 and 304 have neither body nor length") {
  TestServer server(small_server());
  RawClient client(server.port());
  for (const auto& [target, status] : {std::pair{"/empty", 204}, std::pair{"/unchanged", 304}}) {
    const auto answer = ask(client, get_request(target));
    CHECK(answer.status == status);
    CHECK(answer.header("content-length") == "");
    CHECK(ask(client, get_request("/")).body == "hello\n");
  }
}

TEST_CASE("OPTIONS, a wrong method and an unknown path") {
  TestServer server(small_server());
  RawClient client(server.port());
  const auto options = ask(client, "OPTIONS /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(options.status == 204);
  CHECK(options.header("allow") == "GET, HEAD, POST, OPTIONS");
  const auto wrong = ask(client, "DELETE /echo HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(wrong.status == 405);
  CHECK(wrong.header("allow") == "GET, HEAD, POST, OPTIONS");
  CHECK(ask(client, get_request("/nowhere")).status == 404);
  CHECK(ask(client, "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").status == 404);
  CHECK(ask(client, get_request("/")).status == 200);  // none of these ends the connection
}

TEST_CASE("connections stay open or end as the client says") {
  struct Row {
    std::string name;
    const char* request;
    const char* connection;
    bool ends;
  };
  const std::vector<Row> rows = {
      {"1.1", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "", false},
      {"1.1 close", "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "close", true},
      {"1.1 Close in a list", "GET / HTTP/1.1\r\nHost: x\r\nConnection: TE, Close\r\n\r\n", "close",
       true},
      {"1.1 upgrade", "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
       "", false},
      {"1.0", "GET / HTTP/1.0\r\n\r\n", "close", true},
      {"1.0 keep-alive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "keep-alive", false},
      {"close by the handler", "GET /close HTTP/1.1\r\nHost: x\r\n\r\n", "close", true},
      {"absolute form", "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", "", false},
      {"empty line first", "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", "", false},
  };
  TestServer server(small_server());
  for (const auto& row : rows) {
    CAPTURE(row.name);
    RawClient client(server.port());
    const auto answer = ask(client, row.request);
    CHECK(answer.status == 200);
    CHECK(answer.header("connection") == row.connection);
    CHECK(client.read_to_end(row.ends ? 5'000ms : 50ms) == row.ends);
  }
}

struct CutBodie {
  std::string name;
  std::string head;
  std::vector<std::string> pieces;
  std::string body;
};

std::vector<CutBodie> cut_bodies() {
  const std::string fixed = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n";
  const std::string chunks = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  return {
      {"at once", fixed, {"hello"}, "hello"},
      {"in two", fixed, {"he", "llo"}, "hello"},
      {"tab before the length",
       "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length:\t5\r\n\r\n",
       {"hello"},
       "hello"},
      {"none", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", {}, ""},
      {"none, not said", "POST /echo HTTP/1.1\r\nHost: x\r\n\r\n", {}, ""},
      {"GET with a body",
       "GET /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n",
       {"hello"},
       "hello"},
      {"chunked", chunks, {"5\r\nhello\r\n0\r\n\r\n"}, "hello"},
      {"chunked, capital letters",
       "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n",
       {"5\r\nhello\r\n0\r\n\r\n"},
       "hello"},
      {"chunks with extension and trailer",
       chunks,
       {"2;a=b\r\nhe\r\n3\r\nllo\r\n0\r\nX: y\r\n\r\n"},
       "hello"},
      {"cut within CRLF", chunks, {"5\r\nhello\r", "\n0\r\n\r\n"}, "hello"},
      {"cut within data", chunks, {"5\r\nhe", "llo\r\n0\r\n\r\n"}, "hello"},
      {"cut before the last CRLF", chunks, {"5\r\nhello\r\n0\r\n", "\r\n"}, "hello"},
      {"cut within the last CRLF", chunks, {"5\r\nhello\r\n0\r\n\r", "\n"}, "hello"},
      {"empty chunked body", chunks, {"0\r", "\n", "\r", "\n"}, ""},
  };
}

TEST_CASE("bodies arrive whole, however they are cut") {
  TestServer server(small_server());
  for (const auto& row : cut_bodies()) {
    CAPTURE(row.name);
    RawClient client(server.port());
    client.send(row.head);
    for (const auto& piece : row.pieces) {
      std::this_thread::sleep_for(10ms);
      client.send(piece);
    }
    const auto answer = client.read_answer();
    REQUIRE(answer);
    const std::string method = row.head.substr(0, row.head.find(' '));
    CHECK(answer->body == method + " /echo [" + row.body + "]\n");

    std::string all = row.head;
    for (const auto& piece : row.pieces) all += piece;
    client.send_bytewise(all);
    const auto again = client.read_answer();
    REQUIRE(again);
    CHECK(again->body == answer->body);
    CHECK(ask(client, get_request("/")).body == "hello\n");
  }
}

TEST_CASE("Expect: 100-continue is answered before the body, a refusal instead of it") {
  TestServer server(small_server());
  RawClient client(server.port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  const auto interim = client.read_answer();
  REQUIRE(interim);
  CHECK(interim->status == 100);
  CHECK(ask(client, "hello").body == "POST /echo [hello]\n");

  RawClient refused(server.port());
  const auto answer = ask(refused,
                          "POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n"
                          "Expect: 100-continue\r\n\r\n");
  CHECK(answer.status == 413);
}

TEST_CASE("pipelined requests are answered in order") {
  TestServer server(small_server());
  RawClient client(server.port());
  std::string requests;
  for (int i = 0; i < 300; ++i) {
    const auto id = std::to_string(i);
    requests += i % 3 == 0   ? get_request("/rid-inline?id=" + id)
                : i % 3 == 1 ? get_request("/wait?ms=1&id=" + id)
                             : get_request("/rid?id=" + id);
  }
  client.send(requests);
  for (int i = 0; i < 300; ++i) {
    const auto answer = client.read_answer();
    REQUIRE(answer);
    CHECK(answer->body == "id=" + std::to_string(i) + "\n");
  }
}

TEST_CASE("a client that runs far ahead gets its answer and the end") {
  TestServer server(small_server());
  RawClient client(server.port());
  client.send(get_request("/wait?ms=300&id=1"));
  for (int i = 0; i < 3'000; ++i) client.send(get_request("/rid-inline?id=2"));
  const auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->body == "id=1\n");
  CHECK(answer->header("connection") == "close");
  CHECK(client.read_to_end());
  CHECK(client.unread() == "");
}

TEST_CASE("half-closing clients and stray bytes do not lose answers") {
  TestServer server(small_server());
  for (int i = 0; i < 300; ++i) {
    CAPTURE(i);
    const auto* target = i % 2 == 0 ? "/rid?id=7" : "/rid-inline?id=7";
    RawClient half(server.port());
    half.send(get_request(target));
    half.finish_sending();
    auto answer = half.read_answer();
    REQUIRE(answer);
    CHECK(answer->body == "id=7\n");
    CHECK(half.read_to_end());

    RawClient stray(server.port());
    stray.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
    stray.send("\r");
    stray.send("\n");
    answer = stray.read_answer();
    REQUIRE(answer);
    CHECK(answer->body == "POST /echo [hello]\n");

    RawClient early(server.port());
    early.send(get_request(target));
    early.send("G");
    answer = early.read_answer();
    REQUIRE(answer);
    CHECK(answer->body == "id=7\n");
    early.send(get_request(target).substr(1));
    CHECK(early.read_answer());
  }
}

TEST_CASE("exceptions stay inside and answers cannot be split") {
  TestServer server(small_server());
  RawClient client(server.port());
  for (const auto* target : {"/throw", "/throw-int"}) {
    const auto answer = ask(client, get_request(target));
    CHECK(answer.status == 500);
    CHECK(answer.body == "Internal Server Error\n");
  }
  const auto answer = ask(client, get_request("/inject"));
  CHECK(answer.status == 200);
  CHECK(answer.header("x-good") == "1");
  CHECK(answer.header("location") == "");
  CHECK(answer.header("x-evil") == "");
  CHECK(answer.header("content-length") == "1");
  CHECK(answer.body == "x");
}

TEST_CASE("forwarded addresses are believed from trusted proxies only") {
  const std::string request =
      "GET /who HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.9, 198.51.100.7, 10.1.2.3\r\n"
      "X-Forwarded-Proto: https\r\n\r\n";
  TestServer distrusting(small_server());
  RawClient stranger(distrusting.port());
  CHECK(ask(stranger, request).body == "127.0.0.1 http");

  auto options = small_server();
  options.trusted_proxies = {"127.0.0.1", "10.0.0.0/8"};
  TestServer trusting(options);
  RawClient proxied(trusting.port());
  CHECK(ask(proxied, request).body == "198.51.100.7 https");
  CHECK(ask(proxied, get_request("/who")).body == "127.0.0.1 http");
}

TEST_CASE("the hooks see every request and write every refusal") {
  std::atomic<int> handled{0};
  http::ServerHooks hooks;
  hooks.handle = [&](const http::Request& request, const http::Router::Match& match) {
    ++handled;
    return http::text_response(
        200, std::string(match.pattern) + " " + std::to_string(request.request_id.size()));
  };
  hooks.refuse = [](int status, const std::string& request_id) {
    return http::text_response(
        status, "refused " + std::to_string(status) + " " + std::to_string(request_id.size()));
  };
  TestServer server(small_server(), {}, hooks);
  RawClient client(server.port());
  CHECK(ask(client, get_request("/rid?id=1")).body == "/rid 32");
  CHECK(ask(client, get_request("/nowhere")).body == " 32");
  const auto refused = ask(client, "NONSENSE\r\n\r\n");
  CHECK(refused.status == 400);
  CHECK(refused.body == "refused 400 32");
  CHECK(handled == 2);
}

TEST_CASE("port 0 takes a free port and a taken port is an error") {
  const http::Router router;
  http::ServerOptions options = small_server();
  options.port = 0;
  http::Server first(options, router, {});
  first.start();
  CHECK(first.port() != 0);
  options.port = first.port();
  http::Server second(options, router, {});
  CHECK_THROWS_AS(second.start(), std::runtime_error);
}

}  // namespace
}  // namespace narada::test
