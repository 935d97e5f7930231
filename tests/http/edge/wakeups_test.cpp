// Every request is answered at once: no wake-up between threads gets lost.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/http/edge/raw_client.h"
#include "tests/http/edge/test_site.h"

namespace narada::test {
namespace {

using namespace std::chrono_literals;

constexpr auto kAtOnce = 1'500ms;

std::vector<RawClient> connect_all(std::uint16_t port, int count) {
  std::vector<RawClient> clients;
  for (int i = 0; i < count; ++i) clients.emplace_back(port);
  return clients;
}

int unanswered(std::vector<RawClient>& clients, std::string_view request) {
  for (auto& client : clients) client.send(request);
  int missing = 0;
  for (auto& client : clients) missing += client.read_answer(kAtOnce) ? 0 : 1;
  return missing;
}

TEST_CASE("rounds over kept connections: every answer comes at once") {
  TestServer server(small_server());
  for (const auto* target : {"/pool", "/rid-inline?id=1"}) {
    auto clients = connect_all(server.port(), 4);
    int missing = 0;
    for (int round = 0; round < (kSanitized ? 2'000 : 20'000) && missing == 0; ++round) {
      missing += unanswered(clients, get_request(target));
    }
    CHECK(missing == 0);
  }
}

TEST_CASE("bursts of new connections: every one is served at once") {
  TestServer server(small_server());
  int missing = 0;
  for (int round = 0; round < (kSanitized ? 500 : 8'000) && missing == 0; ++round) {
    auto clients = connect_all(server.port(), 4);
    missing += unanswered(clients, get_request("/"));
    for (auto& client : clients) client.close_hard();
  }
  CHECK(missing == 0);
}

}  // namespace
}  // namespace narada::test
