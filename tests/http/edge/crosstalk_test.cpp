// Nobody ever gets somebody else's answer, whatever the others do to their connections.
#include <doctest/doctest.h>

#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/http/edge/child_server.h"
#include "tests/http/edge/raw_client.h"
#include "tests/http/edge/test_site.h"

namespace narada::test {
namespace {

using namespace std::chrono_literals;

constexpr int kChecked = kSanitized ? 2'000 : 100'000;

struct Tally {
  std::atomic<int> next_id{1};
  std::atomic<int> right{0};
  std::atomic<int> wrong{0};
  std::atomic<int> missing{0};
  std::atomic<int> aborts{0};
  std::atomic<bool> over{false};
};

// Sends a request and is gone before the answer.
void abort_again_and_again(std::uint16_t port, Tally& tally, const char* path, bool hard) {
  while (!tally.over) {
    RawClient client(port);
    if (!client.connected()) continue;
    client.send(get_request(path + std::string("?ms=1&id=A") + std::to_string(tally.next_id++)));
    // Between 0 and 300 us later, and not faster than the handlers get rid of what is left over.
    const auto moment = std::chrono::microseconds(tally.aborts % 4 * 100);
    std::this_thread::sleep_for(moment);
    hard ? client.close_hard() : client.close();
    ++tally.aborts;
    std::this_thread::sleep_for(400us - moment);
  }
}

// Asks with ids of its own and looks at what comes back, a few times on each connection.
void check_again_and_again(std::uint16_t port, Tally& tally, const char* path) {
  while (tally.right + tally.wrong + tally.missing < kChecked) {
    RawClient client(port);
    if (!client.connected()) continue;
    for (int i = 0; i < 5; ++i) {
      const auto id = "B" + std::to_string(tally.next_id++);
      client.send(get_request(path + std::string("?id=") + id));
      // Long, because a busy machine is no missing answer; a closed connection ends it at once.
      const auto answer = client.read_answer(60s);
      if (!answer) {
        ++tally.missing;
        break;
      }
      const bool right = answer->body == "id=" + id + "\n";
      if (!right) MESSAGE("asked for " << id << ", got " << answer->status << " " << answer->body);
      ++(right ? tally.right : tally.wrong);
    }
    client.close_hard();
  }
}

TEST_CASE("100,000 checked requests beside aborting clients: no wrong answer") {
  auto options = small_server();
  options.pool_threads = 16;
  TestServer server(options);
  Tally tally;
  std::vector<std::thread> aborting;
  for (const auto* path : {"/rid", "/wait"}) {
    for (const bool hard : {true, false}) {
      aborting.emplace_back(
          [&, path, hard] { abort_again_and_again(server.port(), tally, path, hard); });
    }
  }
  std::vector<std::thread> checking;
  for (const auto* path : {"/rid", "/rid", "/rid-inline", "/wait"}) {
    checking.emplace_back([&, path] { check_again_and_again(server.port(), tally, path); });
  }
  for (auto& thread : checking) thread.join();
  tally.over = true;
  for (auto& thread : aborting) thread.join();
  MESSAGE("checked " << tally.right.load() << " beside " << tally.aborts.load() << " aborts");
  CHECK(tally.wrong.load() == 0);
  CHECK(tally.missing.load() == 0);
  CHECK(tally.right.load() >= kChecked);
  CHECK(tally.aborts.load() > kChecked / 100);
  CHECK(server.server().stop());
  CHECK(server.server().statistics().connections_open == 0);
}

// One aborted exchange of a random kind.
void abort_somehow(std::uint16_t port, std::mt19937& random) {
  const std::vector<std::string> requests = {
      get_request("/kb?n=8"),
      get_request("/kb?n=2000"),
      get_request("/wait?ms=2"),
      get_request("/file"),
      "PATCH /up HTTP/1.1\r\nHost: x\r\nContent-Length: 3000\r\n\r\n" +
          std::string(random() % 2999, 'x'),
      "PATCH /stream HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n" +
          std::string(random() % 4000, 'x'),
      get_request("/").substr(0, random() % 20)};
  RawClient client(port);
  client.send(requests[random() % requests.size()]);
  if (random() % 2 == 0) client.receive(20ms, 1 + random() % 100'000);
  random() % 2 == 0 ? client.close() : client.close_hard();
}

TEST_CASE("clients that abort in every state do not end the server or leak its descriptors") {
  const auto file = std::filesystem::temp_directory_path() /
                    ("narada-edge-aborts-" + std::to_string(next_test_port()));
  {
    std::FILE* out = std::fopen(file.c_str(), "w");
    REQUIRE(out != nullptr);
    const std::string block(1 << 20, 'f');
    for (int i = 0; i < 8; ++i) std::fwrite(block.data(), 1, block.size(), out);
    std::fclose(out);
  }
  ChildServer server({"NARADA_EDGE_FILE=" + file.string()});
  RawClient(server.port()).send(get_request("/"));
  const int before = server.open_descriptors();
  std::vector<std::thread> clients;
  for (unsigned i = 0; i < 8; ++i) {
    clients.emplace_back([&server, i] {
      std::mt19937 random(i);
      for (int n = 0; n < (kSanitized ? 60 : 300); ++n) abort_somehow(server.port(), random);
    });
  }
  for (auto& thread : clients) thread.join();
  CHECK(server.running());
  for (int i = 0; i < 100 && server.open_descriptors() > before + 2; ++i) {
    std::this_thread::sleep_for(50ms);
  }
  CHECK(server.open_descriptors() <= before + 2);  // a wake-up pair may be open just now
  RawClient after(server.port());
  after.send(get_request("/pool"));
  const auto answer = after.read_answer();
  REQUIRE(answer);
  CHECK(answer->body == "hello\n");
  after.close();
  CHECK(server.stop() == 0);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace narada::test
