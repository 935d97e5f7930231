#include "service/http/edge/request_parser.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace narada::http::edge {
namespace {

using Event = RequestParser::Event;

class Collected final : public BodyReceiver {
 public:
  bool receive_body(std::string_view bytes) override {
    text.append(bytes);
    return text.size() <= stop_after;
  }
  std::string text;
  std::size_t stop_after = std::string::npos;
};

Event feed_all(RequestParser& parser, Collected& body, std::string_view bytes,
               std::uint64_t limit = 100) {
  std::size_t used = 0;
  auto event = parser.feed(bytes, used);
  if (event != Event::head) return event;
  parser.accept_body(body, limit);
  return parser.feed(bytes.substr(used), used);
}

TEST_CASE("a head becomes method, target, fields and framing") {
  RequestParser parser(HeadLimits{});
  std::size_t used = 0;
  const std::string bytes =
      "POST /a?b HTTP/1.1\r\nHost: x\r\nX-Two:  spaced\t\r\nx-two: again\r\n"
      "Connection: close\r\nExpect: 100-Continue\r\nContent-Length: 7\r\n\r\nrest";
  CHECK_FALSE(parser.started());
  REQUIRE(parser.feed(bytes, used) == Event::head);
  CHECK(used == bytes.size() - 4);
  CHECK(parser.started());
  const auto& head = parser.head();
  CHECK(head.method == "POST");
  CHECK(head.target == "/a?b");
  CHECK(head.minor_version == 1);
  CHECK_FALSE(head.keep_alive);
  CHECK(head.expects_continue);
  CHECK_FALSE(head.chunked);
  CHECK(head.content_length == 7);
  const std::vector<std::pair<std::string, std::string>> fields = {
      {"host", "x"},           {"x-two", "spaced"},        {"x-two", "again"},
      {"connection", "close"}, {"expect", "100-Continue"}, {"content-length", "7"}};
  CHECK(head.fields == fields);
}

TEST_CASE("bodies end where they say and leave the next request alone") {
  struct Row {
    std::string name;
    std::string fields;
    std::string body;
    std::string text;
  };
  const std::vector<Row> rows = {
      {"fixed", "Content-Length: 5\r\n", "hello", "hello"},
      {"chunked", "Transfer-Encoding: chunked\r\n", "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nA: b\r\n\r\n",
       "hello"},
      {"none", "", "", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    const std::string next = "GET / HTTP/1.1\r\n";
    const std::string bytes =
        "POST / HTTP/1.1\r\nHost: x\r\n" + row.fields + "\r\n" + row.body + next;
    RequestParser parser(HeadLimits{});
    Collected body;
    std::size_t used = 0;
    REQUIRE(parser.feed(bytes, used) == Event::head);
    parser.accept_body(body, 5);
    std::size_t more = 0;
    REQUIRE(parser.feed(std::string_view(bytes).substr(used), more) == Event::complete);
    CHECK(body.text == row.text);
    CHECK(bytes.substr(used + more) == next);
  }
}

TEST_CASE("the end of a chunked body may come in any crumbs") {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string tail = "1\r\nx\r\n0\r\n\r\n";
  RequestParser parser(HeadLimits{});
  Collected body;
  std::size_t used = 0;
  REQUIRE(parser.feed(head, used) == Event::head);
  parser.accept_body(body, 5);
  std::string pending;
  auto event = Event::need_more;
  for (const char byte : tail) {
    REQUIRE(event == Event::need_more);
    pending += byte;
    for (int twice = 0; twice < 2 && event == Event::need_more; ++twice) {
      event = parser.feed(pending, used);  // the second time with nothing new
      pending.erase(0, used);
    }
  }
  CHECK(event == Event::complete);
  CHECK(body.text == "x");
}

TEST_CASE("limits: one byte under is accepted, one over is refused") {
  HeadLimits limits;
  limits.head = 200;
  limits.target = 20;
  limits.fields = 3;
  const auto status = [&](const std::string& bytes) {
    RequestParser parser(limits);
    Collected body;
    return feed_all(parser, body, bytes, 5) == Event::refused ? parser.status() : 0;
  };
  const auto target = [](std::size_t size) {
    return "GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n";
  };
  CHECK(status(target(20)) == 0);
  CHECK(status(target(21)) == 414);
  const std::string start = "GET / HTTP/1.1\r\nHost: x\r\n";
  const auto head = [&](std::size_t size) {
    return start + "X: " + std::string(size - start.size() - 7, 'a') + "\r\n\r\n";
  };
  CHECK(head(200).size() == 200);
  CHECK(status(head(200)) == 0);
  CHECK(status(head(201)) == 431);
  CHECK(status(start + "A: 1\r\nB: 2\r\n\r\n") == 0);
  CHECK(status(start + "A: 1\r\nB: 2\r\nC: 3\r\n\r\n") == 431);
  const std::string chunked = start + "Transfer-Encoding: chunked\r\n\r\n";
  CHECK(status(chunked + "5\r\nhello\r\n") == 0);
  CHECK(status(chunked + "6\r\n") == 413);
}

TEST_CASE("a receiver that has enough stops the parser") {
  RequestParser parser(HeadLimits{});
  Collected body;
  body.stop_after = 2;
  CHECK(feed_all(parser, body, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello") ==
        Event::stopped);
}

TEST_CASE("a refused parser stays refused") {
  RequestParser parser(HeadLimits{});
  std::size_t used = 0;
  CHECK(parser.feed("NONSENSE\r\n", used) == Event::refused);
  CHECK(parser.status() == 400);
  CHECK(parser.feed("GET / HTTP/1.1\r\nHost: x\r\n\r\n", used) == Event::refused);
  CHECK(used == 0);
}

}  // namespace
}  // namespace narada::http::edge
