#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "service/http/edge/descriptor.h"
#include "service/http/edge/input_receiver.h"

namespace narada::http::edge {

struct ListenerOptions {
  std::string host;        // an IPv4 or IPv6 address
  std::uint16_t port = 0;  // 0: any free one
  unsigned threads = 2;
};

// Accepts and polls sockets. The one place where Pistache is used, for its listener, its accept
// thread and its epoll workers; what it would parse and write is ours.
class Listener {
 public:
  // Called on an I/O thread with our own duplicate of the accepted socket. Null refuses it.
  using Acceptor =
      std::function<std::shared_ptr<InputReceiver>(Descriptor socket, const std::string& address)>;

  Listener(ListenerOptions options, Acceptor acceptor);
  ~Listener();  // as stop()
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  void start();  // throws std::runtime_error when the address cannot be bound
  std::uint16_t port() const;

  // Wakes the workers, so that a socket whose arrival they missed is picked up: Pistache 0.0.5 may
  // lose the wake-up of a new connection. To be called every few dozen milliseconds.
  void kick() noexcept;

  // How many accepted sockets Pistache still holds.
  std::size_t open_sockets() const;

  // Closes the listening socket, joins the workers and forgets all receivers. No kick() may run.
  // Idempotent.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace narada::http::edge
