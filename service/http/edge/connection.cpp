#include "service/http/edge/connection.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "service/http/edge/edge_context.h"
#include "service/http/edge/request_builder.h"
#include "service/http/edge/request_id.h"
#include "service/http/errors.h"

namespace narada::http::edge {
namespace {

constexpr std::size_t kAheadLimit = 64 << 10;      // bytes kept while a request is handled
constexpr std::uint64_t kDiscardLimit = 64 << 20;  // bytes read and dropped after the last answer
constexpr std::uint64_t kUnroutedBodyLimit = 1 << 20;
constexpr std::size_t kBodyReserve = 64 << 10;  // what a Content-Length is believed at once
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

HeadLimits limits_of(const ServerOptions& options) {
  HeadLimits limits;
  limits.head = options.head_limit;
  limits.target = options.target_limit;
  return limits;
}

Response plain_response(int status) {
  return text_response(status, std::string(reason_phrase(status)) + "\n");
}

// What a server without a handle hook does.
Response run_matched(const Request& request, const Router::Match& match) {
  if (match.handler != nullptr) return (*match.handler)(request);
  if (match.allowed.empty()) return plain_response(404);
  return plain_response(405).set("Allow", allow_header(match.allowed));
}

}  // namespace

std::shared_ptr<Connection> Connection::create(EdgeContext& context, Descriptor socket,
                                               std::string address) {
  std::shared_ptr<Connection> connection(
      new Connection(context, std::move(socket), std::move(address)));
  context.connections.add(connection);
  return connection;
}

Connection::Connection(EdgeContext& context, Descriptor socket, std::string address)
    : context_(context),
      socket_(std::move(socket)),
      address_(std::move(address)),
      trusted_(context.proxies.contains(address_)),
      parser_(limits_of(context.options)) {
  arm(context_.options.idle_timeout);
}

Connection::~Connection() {
  context_.connections.remove(this);
  release_request();
}

void Connection::on_input(std::string_view bytes) noexcept {
  Lock lock(mutex_);
  try {
    switch (phase_) {
      case Phase::head:
      case Phase::body:
        return advance(lock, bytes);
      case Phase::handling:
      case Phase::writing:
        return keep_for_later(bytes);
      case Phase::lingering:
        return discard(bytes.size());
      case Phase::closed:
        return;
    }
  } catch (...) {  // out of memory: this client goes, the others stay
    if (!lock.owns_lock()) lock.lock();
    shut_down();
  }
}

void Connection::on_end() noexcept {
  const Lock lock(mutex_);
  ended_ = true;
  if (phase_ == Phase::head || phase_ == Phase::body) shut_down();
}

// Parses what is there and runs what is complete, until more input, the pool or the writer is
// needed.
void Connection::advance(Lock& lock, std::string_view fresh) {
  for (;;) {
    const bool direct = pending_.empty();
    if (!direct) pending_.append(fresh);
    const std::string_view input = direct ? fresh : std::string_view(pending_);
    fresh = {};
    const auto used = parse(input);
    if (direct) {
      pending_.assign(input.substr(used));
    } else {
      pending_.erase(0, used);
    }
    if (phase_ != Phase::handling || !dispatch(lock)) return;
    if (phase_ != Phase::head || pending_.empty()) return;
  }
}

// Returns how much of the input is done with.
std::size_t Connection::parse(std::string_view input) {
  std::size_t total = 0;
  for (;;) {
    std::size_t used = 0;
    const auto event = parser_.feed(input.substr(total), used);
    total += used;
    switch (event) {
      case RequestParser::Event::need_more:
        if (phase_ == Phase::head && parser_.started() && !head_timed_) {
          head_timed_ = true;
          arm(context_.options.head_timeout);
        }
        return total;
      case RequestParser::Event::head:
        if (!begin_request(total < input.size())) return input.size();
        break;
      case RequestParser::Event::complete:
        end_body();
        return phase_ == Phase::handling ? total : input.size();
      case RequestParser::Event::refused:
        refuse(parser_.status());
        return input.size();
      case RequestParser::Event::stopped:
        refuse(500);
        return input.size();
    }
  }
}

// The head is there. False: it was refused.
bool Connection::begin_request(bool body_follows_at_once) {
  auto& head = parser_.head();
  minor_version_ = head.minor_version;
  keep_alive_ = head.keep_alive;
  request_.request_id = make_request_id();
  request_.remote_address = address_;
  count_request();
  int status = build_request(head, request_);
  if (status == 0 && context_.draining) status = 503;
  if (status == 0) {
    if (trusted_) context_.proxies.apply_forwarded(request_);
    match_ = context_.router.find(request_.method, request_.path);
    request_.params = match_.params;
    status = prepare_body();
  }
  if (status != 0) {
    refuse(status);
    return false;
  }
  if (head.expects_continue && head.has_body() && !body_follows_at_once) {
    // 25 bytes into a socket whose last answer is out: if they do not fit, the client waits its
    // own time and sends the body anyway.
    (void)::send(socket_.get(), kContinue.data(), kContinue.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  phase_ = Phase::body;
  window_bytes_ = 0;
  if (head.has_body()) arm(context_.options.body_grace);
  return true;
}

// Decides where the body goes. Returns 0 or the status that refuses it.
int Connection::prepare_body() {
  const auto& head = parser_.head();
  const auto limit = match_.options != nullptr ? match_.options->body_limit : kUnroutedBodyLimit;
  if (head.content_length > limit) return 413;
  parser_.accept_body(*this, limit);
  drop_body_ = match_.handler == nullptr;
  if (match_.options != nullptr && match_.options->sink) {
    try {
      sink_ = match_.options->sink(request_);
    } catch (const Error& refused) {
      return refused.problem().status;
    } catch (...) {
      return 500;
    }
    drop_body_ = sink_ == nullptr;
  } else if (!drop_body_) {
    request_.body.reserve(std::min<std::size_t>(head.content_length, kBodyReserve));
  }
  return 0;
}

bool Connection::receive_body(std::string_view bytes) {
  window_bytes_ += bytes.size();
  if (drop_body_) return true;
  if (sink_ == nullptr) {
    request_.body.append(bytes);
    return true;
  }
  try {
    return sink_->write(bytes);
  } catch (...) {
    return false;
  }
}

void Connection::end_body() {
  try {
    if (sink_ != nullptr) sink_->complete();
  } catch (...) {
    return refuse(500);
  }
  request_.sink = std::move(sink_);
  disarm();
  phase_ = Phase::handling;
}

// False: the pool has it now.
bool Connection::dispatch(Lock& lock) {
  const bool runs_here = match_.options != nullptr && match_.options->inline_on_io;
  lock.unlock();
  auto response = runs_here ? std::optional(answer()) : find_ready();
  lock.lock();
  if (!response) {
    context_.pool.post(shared_from_this());
    return false;
  }
  respond(std::move(*response));
  return true;
}

std::optional<Response> Connection::find_ready() noexcept {
  try {
    if (context_.hooks.find_ready) return context_.hooks.find_ready(request_, match_);
  } catch (...) {  // then the handler decides
  }
  return std::nullopt;
}

void Connection::run() noexcept {
  if (abandoned()) return;
  auto response = answer();
  Lock lock(mutex_);
  try {
    respond(std::move(response));
    if (phase_ == Phase::head && !pending_.empty()) advance(lock, {});
  } catch (...) {
    if (!lock.owns_lock()) lock.lock();
    shut_down();
  }
}

// While a request is handled nobody else touches request_ and match_.
Response Connection::answer() noexcept {
  try {
    auto response = context_.hooks.handle ? context_.hooks.handle(request_, match_)
                                          : run_matched(request_, match_);
    if (response.status >= 200 && response.status <= 599) return response;
  } catch (...) {  // whatever it was, it is not for the client
  }
  return plain_response(500);
}

// A client that reset the connection while its request waited for the pool is past answering: what
// was not begun need not be. One that only half-closed still reads.
bool Connection::abandoned() {
  const Lock lock(mutex_);
  if (!ended_) return false;
  pollfd state{socket_.get(), 0, 0};
  if (::poll(&state, 1, 0) != 1 || (state.revents & (POLLHUP | POLLERR)) == 0) return false;
  phase_ = Phase::closed;
  request_ = Request{};
  release_request();
  return true;
}

void Connection::keep_for_later(std::string_view bytes) {
  if (overflow_) return;
  if (pending_.size() + bytes.size() <= kAheadLimit) {
    pending_.append(bytes);
    return;
  }
  overflow_ = true;  // the answer under way is the last one
  pending_ = std::string();
}

void Connection::discard(std::size_t size) {
  discarded_ += size;
  if (discarded_ > kDiscardLimit) shut_down();
}

}  // namespace narada::http::edge
