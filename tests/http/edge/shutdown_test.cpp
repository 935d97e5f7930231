// A server that stops answers what it has begun.
#include <doctest/doctest.h>

#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/http/edge/raw_client.h"
#include "tests/http/edge/test_site.h"

namespace narada::test {
namespace {

using namespace std::chrono_literals;

TEST_CASE("stopping answers what is under way and turns new requests away") {
  TestServer server(small_server());
  RawClient working(server.port());
  RawClient uploading(server.port());
  RawClient idle(server.port());
  RawClient reading(server.port(), RawClient::Tuning{4096, 0});
  idle.send(get_request("/"));
  REQUIRE(idle.read_answer());
  working.send(get_request("/wait?ms=700&id=1"));
  uploading.send("PATCH /stream HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello");
  reading.send(get_request("/kb?n=8192"));
  std::this_thread::sleep_for(200ms);

  auto stopped = std::async(std::launch::async, [&] { return server.server().stop(); });
  std::this_thread::sleep_for(100ms);
  RawClient late(server.port());
  late.send(get_request("/"));
  idle.send(get_request("/"));
  for (auto* client : {&late, &idle}) {
    const auto refused = client->read_answer();
    REQUIRE(refused);
    CHECK(refused->status == 503);
    CHECK(refused->header("connection") == "close");
  }
  uploading.send("world");
  for (const auto& [client, body] :
       {std::pair{&uploading, "10\n"}, std::pair{&working, "id=1\n"}}) {
    const auto answer = client->read_answer();
    REQUIRE(answer);
    CHECK(answer->body == body);
    CHECK(answer->header("connection") == "close");
  }
  const auto read = reading.read_answer();
  REQUIRE(read);
  CHECK(read->body.size() == 8192u << 10);
  CHECK(stopped.get());
  CHECK(server.server().statistics().connections_open == 0);
  CHECK(server.server().statistics().requests_in_flight == 0);
  CHECK_FALSE(RawClient(server.port()).connected());
}

TEST_CASE("stopping does not wait for ever") {
  auto options = small_server();
  options.drain_timeout = 1s;
  TestServer server(options);
  RawClient reading(server.port(), RawClient::Tuning{4096, 0});
  RawClient uploading(server.port());
  reading.send(get_request("/kb?n=8192"));
  uploading.send("PATCH /stream HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello");
  std::this_thread::sleep_for(200ms);
  const auto start = std::chrono::steady_clock::now();
  CHECK_FALSE(server.server().stop());
  CHECK(std::chrono::steady_clock::now() - start < 4s);
  CHECK(uploading.read_to_end());
  CHECK(server.uploads().cut == 1);
  CHECK_FALSE(server.server().stop());  // again: the same answer
}

TEST_CASE("servers start and stop again and again under load") {
  for (int round = 0; round < 10; ++round) {
    CAPTURE(round);
    TestServer server(small_server());
    std::atomic<bool> over{false};
    std::vector<std::thread> clients;
    for (int i = 0; i < 3; ++i) {
      clients.emplace_back([&] {
        while (!over) {
          RawClient client(server.port());
          while (client.connected() && client.send(get_request("/pool"))) {
            if (!client.read_answer(300ms)) break;
          }
        }
      });
    }
    std::this_thread::sleep_for(100ms);
    const auto start = std::chrono::steady_clock::now();
    CHECK(server.server().stop());
    CHECK(std::chrono::steady_clock::now() - start < 2s);
    over = true;
    for (auto& client : clients) client.join();
    CHECK(server.server().statistics().requests_total > 0);
    CHECK(server.server().statistics().connections_open == 0);
  }
}

}  // namespace
}  // namespace narada::test
