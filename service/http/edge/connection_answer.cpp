// The second half of a connection: answers, endings and deadlines.
#include <sys/socket.h>

#include <limits>
#include <utility>

#include "service/http/edge/connection.h"
#include "service/http/edge/edge_context.h"
#include "service/http/edge/file_body.h"
#include "service/http/edge/request_id.h"

namespace narada::http::edge {
namespace {

constexpr std::size_t kKeptCapacity = 4 << 10;  // bytes an idle connection's buffer may hold on to
constexpr std::chrono::milliseconds kLinger{5'000};
constexpr auto kNoDeadline = std::numeric_limits<Connection::Clock::rep>::max();

}  // namespace

void Connection::respond(Response&& response) {
  if (phase_ != Phase::handling) {  // closed meanwhile
    request_.sink.reset();
    return release_request();
  }
  apply_range(request_, response);
  const bool close = !keep_alive_ || overflow_ || context_.draining;
  const bool head = request_.method == Method::head;
  send(std::move(response), head ? BodyPolicy::omit : BodyPolicy::send,
       close ? AfterAnswer::close : AfterAnswer::keep_open);
}

// Answers and closes: after an error nothing that follows can be trusted to be a request.
void Connection::refuse(int status) {
  ++context_.refused_total;
  count_request();
  sink_.reset();
  pending_ = std::string();
  if (request_.request_id.empty()) request_.request_id = make_request_id();
  Response response;
  try {
    response = context_.hooks.refuse
                   ? context_.hooks.refuse(status, request_.request_id)
                   : text_response(status, std::string(reason_phrase(status)) + "\n");
  } catch (...) {
    response = text_response(status, std::string(reason_phrase(status)) + "\n");
  }
  response.status = status;
  if (match_.options != nullptr) {
    for (const auto& [name, value] : match_.options->refusal_headers) response.set(name, value);
  }
  const bool head = request_.method == Method::head;
  send(std::move(response), head ? BodyPolicy::omit : BodyPolicy::send, AfterAnswer::close);
}

void Connection::send(Response&& response, BodyPolicy policy, AfterAnswer after) {
  disarm();
  outgoing_.prepare(std::move(response), minor_version_, policy, after);
  switch (outgoing_.write_some(socket_.get())) {
    case Outgoing::Progress::done:
      return finish_answer();
    case Outgoing::Progress::failed:
      return shut_down();
    case Outgoing::Progress::blocked:
      break;
  }
  phase_ = Phase::writing;
  if (!context_.writer.add(socket_.get(), shared_from_this())) shut_down();
}

WritingPeer::Step Connection::continue_writing() {
  const Lock lock(mutex_);
  if (phase_ != Phase::writing) return {Outgoing::Progress::failed, false};
  const auto progress = outgoing_.write_some(socket_.get());
  return {progress, outgoing_.moved()};
}

void Connection::writing_ended(Ending ending) noexcept {
  Lock lock(mutex_);
  if (phase_ != Phase::writing) return;
  if (ending == Ending::failed) return shut_down();
  try {
    finish_answer();
    if (phase_ == Phase::head && !pending_.empty()) advance(lock, {});
  } catch (...) {
    if (!lock.owns_lock()) lock.lock();
    shut_down();
  }
}

void Connection::finish_answer() {
  const bool close = outgoing_.closes() || overflow_;
  outgoing_.clear();
  request_.sink.reset();
  release_request();
  if (close) {
    linger();
  } else {
    await_next();
  }
}

void Connection::await_next() {
  request_ = Request{};
  match_ = Router::Match{};
  parser_.reset();
  head_timed_ = false;
  phase_ = Phase::head;
  if (pending_.empty() && pending_.capacity() > kKeptCapacity) pending_ = std::string();
  arm(context_.options.idle_timeout);
}

// Closes our half and reads on for a while: bytes that arrive at a closed socket make the kernel
// send a reset, which may overtake the answer (RFC 9112 §9.6).
void Connection::linger() {
  ::shutdown(socket_.get(), SHUT_WR);
  request_ = Request{};
  pending_ = std::string();
  phase_ = Phase::lingering;
  arm(kLinger);
}

void Connection::shut_down() {
  if (phase_ == Phase::closed) return;
  const bool handler_runs = phase_ == Phase::handling;
  phase_ = Phase::closed;
  ::shutdown(socket_.get(), SHUT_RDWR);
  disarm();
  sink_.reset();
  pending_ = std::string();
  if (handler_runs) return;  // it still reads request_ and is still under way
  outgoing_.clear();
  release_request();
}

void Connection::close_now() noexcept {
  const Lock lock(mutex_);
  shut_down();
}

void Connection::count_request() {
  if (std::exchange(counted_, true)) return;
  ++context_.requests_total;
  ++context_.in_flight;
}

void Connection::release_request() {
  if (std::exchange(counted_, false)) --context_.in_flight;
}

void Connection::arm(std::chrono::milliseconds from_now) {
  deadline_ = (Clock::now() + from_now).time_since_epoch().count();
}

void Connection::disarm() { deadline_ = kNoDeadline; }

void Connection::check_deadline(Clock::time_point now) noexcept {
  const auto ticks = now.time_since_epoch().count();
  if (ticks < deadline_) return;
  const Lock lock(mutex_);
  if (ticks < deadline_) return;  // it got on meanwhile
  try {
    if (phase_ == Phase::body) {
      check_body_rate();
    } else if (phase_ == Phase::head && parser_.started()) {
      refuse(408);
    } else {
      shut_down();  // idle, or lingering long enough
    }
  } catch (...) {
    shut_down();
  }
}

// One window of the grace's length is over; a new one begins when enough came in it.
void Connection::check_body_rate() {
  const auto seconds = std::chrono::duration<double>(context_.options.body_grace).count();
  const auto wanted = static_cast<double>(context_.options.minimum_body_rate) * seconds;
  if (static_cast<double>(window_bytes_) < wanted) return refuse(408);
  window_bytes_ = 0;
  arm(context_.options.body_grace);
}

}  // namespace narada::http::edge
