// Clients that take their time: they wait for themselves, never for others, and not for ever.
#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

#include "tests/http/edge/child_server.h"
#include "tests/http/edge/raw_client.h"
#include "tests/http/edge/test_site.h"

namespace narada::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

std::chrono::milliseconds since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
}

TEST_CASE("readers that do not read keep neither others waiting nor a processor busy") {
  ChildServer server;
  std::vector<RawClient> readers;
  for (int i = 0; i < 24; ++i) {
    readers.emplace_back(server.port(), RawClient::Tuning{4096, i % 2 == 0 ? 1448 : 0});
    readers.back().send(get_request("/kb?n=2048"));
  }
  std::this_thread::sleep_for(300ms);
  const double before = server.processor_seconds();
  for (int i = 0; i < 24; ++i) {
    CAPTURE(i);
    RawClient other(server.port());
    other.send(get_request(i % 2 == 0 ? "/" : "/pool"));
    const auto answer = other.read_answer(1s);
    REQUIRE(answer);
    CHECK(answer->body == "hello\n");
  }
  std::this_thread::sleep_for(500ms);
  CHECK(server.processor_seconds() - before < (kSanitized ? 1.5 : 0.3));
  const auto late = readers.front().read_answer();  // who reads at last gets everything
  REQUIRE(late);
  CHECK(late->body == std::string(2048 << 10, 'K'));
  readers.clear();
  CHECK(server.stop() == 0);
}

TEST_CASE("a reader that stalls is dropped after the stall timeout, a slow one is not") {
  auto options = small_server();
  options.stall_timeout = 1s;
  TestServer server(options);
  RawClient stalled(server.port(), RawClient::Tuning{4096, 0});
  RawClient slow(server.port(), RawClient::Tuning{65536, 0});
  stalled.send(get_request("/kb?n=8192"));
  slow.send(get_request("/kb?n=4096"));
  const auto start = Clock::now();
  while (since(start) < 2'500ms) {
    slow.receive(10ms, 64 << 10);
    std::this_thread::sleep_for(40ms);
  }
  CHECK(stalled.read_to_end());
  CHECK(stalled.unread().size() < (8192u << 10));
  const auto whole = slow.read_answer();
  REQUIRE(whole);
  CHECK(whole->body.size() == 4096u << 10);
}

http::ServerOptions short_timeouts() {
  auto options = small_server();
  options.idle_timeout = 800ms;
  options.head_timeout = 400ms;
  options.body_grace = 500ms;
  options.minimum_body_rate = 200;
  return options;
}

TEST_CASE("silent and idle connections end silently, unfinished heads with 408") {
  TestServer server(short_timeouts());
  RawClient silent(server.port());
  RawClient idle(server.port());
  RawClient headless(server.port());
  RawClient later(server.port());
  idle.send(get_request("/"));
  CHECK(idle.read_answer());
  headless.send("GET / HTTP/1.1\r\nHost:");
  later.send(get_request("/"));
  CHECK(later.read_answer());
  later.send("G");
  for (auto* client : {&headless, &later}) {
    const auto answer = client->read_answer(3s);
    REQUIRE(answer);
    CHECK(answer->status == 408);
    CHECK(answer->header("connection") == "close");
    CHECK(client->read_to_end());
  }
  for (auto* client : {&silent, &idle}) {
    CHECK(client->read_to_end(3s));
    CHECK(client->unread() == "");
  }
}

TEST_CASE("a slow head does not live on single bytes") {
  TestServer server(short_timeouts());
  RawClient client(server.port());
  const auto start = Clock::now();
  bool open = true;
  for (const char byte : get_request("/a-long-path-that-takes-a-while")) {
    open = open && client.send({&byte, 1});
    std::this_thread::sleep_for(50ms);
    if (since(start) > 1'500ms) break;
  }
  const auto answer = client.read_answer(1s);
  REQUIRE(answer);
  CHECK(answer->status == 408);
}

TEST_CASE("handlers and bodies may outlast every timeout as long as something happens") {
  TestServer server(short_timeouts());
  RawClient waiting(server.port());
  waiting.send(get_request("/wait?ms=1500&id=late"));

  RawClient upload(server.port());  // starts late on a kept connection, 250 bytes/s for 2 s
  upload.send(get_request("/"));
  CHECK(upload.read_answer());
  std::this_thread::sleep_for(500ms);
  upload.send("PATCH /up HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n");
  for (int i = 0; i < 20; ++i) {
    std::this_thread::sleep_for(100ms);
    upload.send(std::string(25, 'x'));
  }
  const auto uploaded = upload.read_answer();
  REQUIRE(uploaded);
  CHECK(uploaded->body == "500\n");
  const auto waited = waiting.read_answer();
  REQUIRE(waited);
  CHECK(waited->body == "id=late\n");
}

TEST_CASE("a body below the minimum rate is refused with 408") {
  TestServer server(short_timeouts());
  RawClient client(server.port());
  client.send("PATCH /stream HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n");
  for (int i = 0; i < 12; ++i) {
    client.send("xxxxx");
    std::this_thread::sleep_for(100ms);
  }
  const auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->status == 408);
  CHECK(client.read_to_end());
  CHECK(server.uploads().cut == 1);
  CHECK(server.uploads().completed == 0);
}

TEST_CASE("hundreds of slow heads leave the server free for others") {
  TestServer server(small_server());
  std::vector<RawClient> slow;
  for (int i = 0; i < 500; ++i) {
    slow.emplace_back(server.port());
    slow.back().send("GET / HTTP/1.1\r\nX: ");
  }
  for (int i = 0; i < 50; ++i) {
    RawClient other(server.port());
    other.send(get_request("/pool"));
    CHECK(other.read_answer(1s));
  }
}

}  // namespace
}  // namespace narada::test
