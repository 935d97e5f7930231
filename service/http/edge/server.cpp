#include "service/http/edge/server.h"

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <optional>
#include <thread>
#include <utility>

#include "service/http/edge/connection.h"
#include "service/http/edge/edge_context.h"
#include "service/http/edge/listener.h"
#include "service/http/edge/ticker.h"

namespace narada::http {
namespace {

using namespace std::chrono_literals;

constexpr auto kTick = 50ms;
constexpr auto kPoll = 5ms;              // while something is waited for
constexpr auto kCloseTimeout = 1'000ms;  // for the I/O threads to see that sockets are shut
constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\n"
    "Content-Length: 0\r\n\r\n";

// Each connection takes two descriptors (Pistache's and ours). Accepting more than there are would
// let Pistache's accept thread spin until some are free, so that the limit stays below.
unsigned affordable_connections(const ServerOptions& options) {
  constexpr rlim_t kReserve = 64;    // listener, pollers, log, mail
  constexpr rlim_t kPerHandler = 3;  // database connection, an open file
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return options.max_connections;
  }
  const rlim_t taken = kReserve + kPerHandler * options.pool_threads;
  const rlim_t left = limit.rlim_cur > taken ? (limit.rlim_cur - taken) / 2 : 1;
  return static_cast<unsigned>(std::clamp<rlim_t>(left, 1, options.max_connections));
}

template <typename Condition>
bool wait_for(std::chrono::milliseconds timeout, Condition condition) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(kPoll);
  }
  return true;
}

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, const Router& router, ServerHooks hooks)
      : context_(std::move(options), router, std::move(hooks)),
        max_connections_(affordable_connections(context_.options)),
        listener_({context_.options.host, context_.options.port, context_.options.io_threads},
                  [this](edge::Descriptor socket, const std::string& address) {
                    return accept(std::move(socket), address);
                  }) {}

  ~Impl() { stop(); }

  void start() {
    // sendfile has no MSG_NOSIGNAL.
    std::signal(SIGPIPE, SIG_IGN);
    listener_.start();
    started_ = true;
    // Two threads: a deadline may write an answer, and no wake-up is to wait for that.
    waker_.emplace(kTick, [this] { wake_workers(); });
    ticker_.emplace(kTick, [this] { check_deadlines(); });
  }

  bool stop() {
    if (!std::exchange(started_, false)) return drained_;
    context_.draining = true;
    drained_ = wait_for(context_.options.drain_timeout, [this] { return context_.in_flight == 0; });
    if (drained_) let_lingering_go();
    refusing_ = true;
    close_connections();
    ticker_.reset();
    waker_.reset();
    listener_.stop();
    context_.writer.stop();
    context_.pool.stop();
    return drained_;
  }

  std::uint16_t port() const { return listener_.port(); }

  ServerStatistics statistics() const {
    ServerStatistics now;
    now.connections_open = context_.connections.size();
    now.requests_total = context_.requests_total;
    now.requests_in_flight = context_.in_flight;
    now.refused_total = context_.refused_total;
    return now;
  }

 private:
  std::shared_ptr<edge::InputReceiver> accept(edge::Descriptor socket, const std::string& address) {
    if (refusing_) return nullptr;
    if (context_.connections.size() >= max_connections_) {
      (void)::send(socket.get(), kFull.data(), kFull.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      return nullptr;
    }
    return edge::Connection::create(context_, std::move(socket), address);
  }

  void wake_workers() { listener_.kick(); }

  void check_deadlines() {
    const auto now = edge::Connection::Clock::now();
    for (const auto& connection : context_.connections.all()) connection->check_deadline(now);
  }

  // A client that still sends when its socket closes may lose the last answer to a reset.
  void let_lingering_go() {
    wait_for(kTick, [this] { return context_.connections.size() == 0; });
  }

  // Pistache 0.0.5 leaves the descriptors of sockets open that are still there at its end.
  void close_connections() {
    wait_for(kCloseTimeout, [this] {
      for (const auto& connection : context_.connections.all()) connection->close_now();
      return listener_.open_sockets() == 0;
    });
  }

  edge::EdgeContext context_;
  const unsigned max_connections_;
  edge::Listener listener_;
  std::optional<edge::Ticker> waker_;
  std::optional<edge::Ticker> ticker_;
  std::atomic<bool> refusing_{false};  // every new connection, at the very end
  bool started_ = false;
  bool drained_ = true;
};

Server::Server(ServerOptions options, const Router& router, ServerHooks hooks)
    : impl_(std::make_unique<Impl>(std::move(options), router, std::move(hooks))) {}

Server::~Server() = default;

void Server::start() { impl_->start(); }
std::uint16_t Server::port() const { return impl_->port(); }
bool Server::stop() { return impl_->stop(); }
ServerStatistics Server::statistics() const { return impl_->statistics(); }

}  // namespace narada::http
