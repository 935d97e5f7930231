#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "service/http/edge/descriptor.h"
#include "service/http/edge/handler_pool.h"
#include "service/http/edge/input_receiver.h"
#include "service/http/edge/outgoing.h"
#include "service/http/edge/request_parser.h"
#include "service/http/edge/writer.h"
#include "service/http/message.h"
#include "service/http/router.h"

namespace narada::http::edge {

struct EdgeContext;

// One client: requests come in one after the other, each is answered before the next is read.
//
//   head → body → handling → (writing) → head …        kept open
//                                      → lingering → closed
//
// Input comes on an I/O thread, the handler runs there or on the pool, a blocked answer ends on the
// writer's thread and deadlines come from the ticker; one mutex keeps them apart.
class Connection final : public InputReceiver,
                         public Task,
                         public WritingPeer,
                         private BodyReceiver,
                         public std::enable_shared_from_this<Connection> {
 public:
  using Clock = std::chrono::steady_clock;

  // Registers itself with the context's table.
  static std::shared_ptr<Connection> create(EdgeContext& context, Descriptor socket,
                                            std::string address);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void on_input(std::string_view bytes) noexcept override;
  void on_end() noexcept override;
  void run() noexcept override;
  Step continue_writing() override;
  void writing_ended(Ending ending) noexcept override;

  // Closes, or answers 408, when the time for what is going on is over.
  void check_deadline(Clock::time_point now) noexcept;

  void close_now() noexcept;

 private:
  enum class Phase { head, body, handling, writing, lingering, closed };
  using Lock = std::unique_lock<std::mutex>;

  Connection(EdgeContext& context, Descriptor socket, std::string address);

  void advance(Lock& lock, std::string_view fresh);
  std::size_t parse(std::string_view input);
  bool begin_request(bool body_follows_at_once);
  int prepare_body();
  bool receive_body(std::string_view bytes) override;
  void end_body();
  bool dispatch(Lock& lock);
  void keep_for_later(std::string_view bytes);
  void discard(std::size_t size);

  bool abandoned();
  Response answer() noexcept;
  std::optional<Response> find_ready() noexcept;
  void respond(Response&& response);
  void refuse(int status);
  void send(Response&& response, BodyPolicy policy, AfterAnswer after);
  void finish_answer();
  void await_next();
  void linger();
  void shut_down();

  void count_request();
  void release_request();
  void arm(std::chrono::milliseconds from_now);
  void disarm();
  void check_body_rate();

  EdgeContext& context_;
  const Descriptor socket_;
  const std::string address_;
  const bool trusted_;  // comes from a trusted proxy

  std::mutex mutex_;
  Phase phase_ = Phase::head;
  RequestParser parser_;
  std::string pending_;      // received, not parsed yet
  bool overflow_ = false;    // more was sent ahead than is kept
  bool ended_ = false;       // no more input
  bool counted_ = false;     // in the context's in_flight
  bool head_timed_ = false;  // the head timeout runs
  std::uint64_t discarded_ = 0;

  Request request_;
  Router::Match match_;
  int minor_version_ = 1;
  bool keep_alive_ = true;
  std::unique_ptr<BodySink> sink_;
  bool drop_body_ = false;
  std::uint64_t window_bytes_ = 0;  // of the body since the rate was last checked
  Outgoing outgoing_;

  std::atomic<Clock::rep> deadline_;
};

}  // namespace narada::http::edge
