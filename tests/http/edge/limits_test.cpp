// Too much of anything costs the sender, not the server.
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

constexpr double kProcessorLimit = kSanitized ? 3.0 : 0.3;  // seconds, per attack

std::string tiny_fields(std::size_t size) {
  std::string fields = "GET / HTTP/1.1\r\nHost: x\r\n";
  while (fields.size() < size) fields += "X" + std::to_string(fields.size()) + ": y\r\n";
  return fields + "\r\n";
}

struct Excesse {
  std::string name;
  int status;
  std::string start;
  std::size_t more;  // bytes of 'A' behind it
};

std::vector<Excesse> excesses() {
  return {
      {"request line of 4 MB", 414, "GET /", 4 << 20},
      {"method of 4 MB", 414, "", 4 << 20},
      {"one field of 4 MB", 431, "GET / HTTP/1.1\r\nHost: x\r\nX: ", 4 << 20},
      {"tiny fields, 1 MB", 431, tiny_fields(1 << 20), 0},
      {"16,000 slashes", 414, "GET " + std::string(16'000, '/') + " HTTP/1.1\r\nHost: x\r\n\r\n",
       0},
      {"8,000 slashes", 404, "GET " + std::string(8'000, '/') + " HTTP/1.1\r\nHost: x\r\n\r\n", 0},
      {"16,000 dots and slashes", 414,
       [] {
         std::string target;
         while (target.size() < 16'000) target += "/.";
         return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
       }(),
       0},
      {"body of 32 MB", 413, "PATCH /up HTTP/1.1\r\nHost: x\r\nContent-Length: 33554432\r\n\r\n",
       32 << 20},
      {"chunk of 32 MB", 413,
       "PATCH /up HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2000000\r\n", 32 << 20},
      {"body nobody takes", 413,
       "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n", 2'000'000},
  };
}

TEST_CASE("over-long lines, heads and bodies are refused at bounded processor time") {
  ChildServer server;
  for (const auto& row : excesses()) {
    CAPTURE(row.name);
    const double before = server.processor_seconds();
    RawClient client(server.port());
    client.send(row.start);
    const std::string block(64 << 10, 'A');
    for (std::size_t sent = 0; sent < row.more && client.send(block);) sent += block.size();
    const auto answer = client.read_answer();
    REQUIRE(answer);
    CHECK(answer->status == row.status);
    client.close();
    CHECK(server.processor_seconds() - before < kProcessorLimit);
  }
  CHECK(server.stop() == 0);
}

TEST_CASE("a chunked body made of framing is refused") {
  TestServer server(small_server());
  RawClient client(server.port());
  client.send("PATCH /up HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "1;" + std::string(1'000, 'e') + "\r\nx\r\n";
  for (int i = 0; i < 100 && client.send(chunk); ++i) {
  }
  const auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->status == 400);
}

TEST_CASE("connections over the cap are turned away and let in again later") {
  auto options = small_server();
  options.max_connections = 20;
  TestServer server(options);
  std::vector<RawClient> inside;
  for (int i = 0; i < 20; ++i) {
    inside.emplace_back(server.port());
    inside.back().send(get_request("/"));
    REQUIRE(inside.back().read_answer());
  }
  RawClient outside(server.port());
  CHECK(outside.read_to_end());
  CHECK(outside.unread().starts_with("HTTP/1.1 503 "));
  inside.pop_back();
  for (int i = 0; i < 100 && server.server().statistics().connections_open >= 20; ++i) {
    std::this_thread::sleep_for(10ms);
  }
  RawClient again(server.port());
  again.send(get_request("/"));
  CHECK(again.read_answer());
}

TEST_CASE("with few descriptors the server turns clients away, idles and recovers") {
  ChildServer server({"NARADA_EDGE_DESCRIPTORS=200"});
  std::vector<RawClient> clients;
  for (int i = 0; i < 400; ++i) clients.emplace_back(server.port());
  std::this_thread::sleep_for(300ms);
  const double before = server.processor_seconds();
  std::this_thread::sleep_for(1s);
  CHECK(server.processor_seconds() - before < kProcessorLimit);
  CHECK(server.running());
  clients.clear();
  std::this_thread::sleep_for(300ms);
  RawClient after(server.port());
  after.send(get_request("/pool"));
  CHECK(after.read_answer());
  after.close();
  CHECK(server.stop() == 0);
}

}  // namespace
}  // namespace narada::test
