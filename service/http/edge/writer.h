#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "service/http/edge/descriptor.h"
#include "service/http/edge/outgoing.h"

namespace narada::http::edge {

// Somebody whose answer did not fit into its socket. Both calls come from the writer's thread.
class WritingPeer {
 public:
  struct Step {
    Outgoing::Progress progress;
    bool moved;  // some bytes went out
  };
  enum class Ending { written, failed };

  virtual ~WritingPeer() = default;
  virtual Step continue_writing() = 0;
  virtual void writing_ended(Ending ending) noexcept = 0;  // once; the writer has let go
};

// One thread that finishes the answers of slow readers as their sockets take more.
class Writer {
 public:
  explicit Writer(std::chrono::milliseconds stall_timeout);  // throws std::system_error
  ~Writer();                                                 // as stop()
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Any thread. False: it could not be taken; writing_ended is not called then.
  bool add(int socket, std::shared_ptr<WritingPeer> peer);

  // Drops what is unfinished, without another call, and joins. Idempotent.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    std::shared_ptr<WritingPeer> peer;
    Clock::time_point last_progress;
  };

  void work();
  void serve(int socket);
  void end(int socket, const std::shared_ptr<WritingPeer>& peer, WritingPeer::Ending ending);
  void end_stalled();

  std::chrono::milliseconds stall_timeout_;
  Descriptor epoll_;
  Descriptor wake_;
  std::mutex mutex_;
  std::unordered_map<int, Entry> entries_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace narada::http::edge
