#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/http/message.h"
#include "service/http/router.h"

namespace narada::http {

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;            // 0: any free one, see Server::port()
  unsigned io_threads = 2;              // Pistache workers
  unsigned pool_threads = 32;           // handlers; one per database connection
  std::size_t head_limit = 16 * 1024;   // bytes
  std::size_t target_limit = 8 * 1024;  // bytes
  unsigned max_connections = 8000;
  std::chrono::milliseconds idle_timeout{75'000};
  std::chrono::milliseconds head_timeout{15'000};  // from the first byte to the empty line
  std::chrono::seconds stall_timeout{60};          // a reader that takes nothing
  std::uint64_t minimum_body_rate = 1024;          // bytes/s, over each body_grace
  std::chrono::milliseconds body_grace{10'000};
  std::chrono::seconds drain_timeout{10};
  std::vector<std::string> trusted_proxies;  // addresses or CIDR whose X-Forwarded-* are believed
};

// What surrounds every answer: called once per request on the thread that ran the handler.
struct ServerHooks {
  // Wraps the handler: error pages, security headers, gzip, log. Never throws. Left out: the
  // handler alone, plain 404 and 405.
  std::function<Response(const Request&, const Router::Match&)> handle;
  // Asked on the I/O thread before a request goes to the pool: an answer that is ready, such as a
  // page rendered a moment ago, or nothing. Must not block. Absent: never.
  std::function<std::optional<Response>(const Request&, const Router::Match&)> find_ready = {};
  // The body of an answer to a request that the edge refused (400, 408, 411, 413, 414, 417, 431,
  // 500, 501, 503 while draining, 505); the connection closes after it. Any thread; must not block.
  // Left out: plain text.
  std::function<Response(int status, const std::string& request_id)> refuse;
};

// Counters for /metrics.
struct ServerStatistics {
  std::uint64_t connections_open = 0;
  std::uint64_t requests_total = 0;
  std::uint64_t requests_in_flight = 0;
  std::uint64_t refused_total = 0;
};

// The HTTP/1.1 server. Pistache listens, accepts and polls; parsing, limits and every byte written
// are ours (ARCHITECTURE.md says why).
class Server {
 public:
  Server(ServerOptions options, const Router& router, ServerHooks hooks);
  ~Server();  // drains
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void start();  // throws std::runtime_error when the address cannot be bound
  std::uint16_t port() const;

  // Answers what is under way (at most drain_timeout), closes the rest, stops every thread.
  // Returns whether everything under way was answered. Idempotent.
  bool stop();

  ServerStatistics statistics() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace narada::http
