#include "sql/pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

namespace narada::storage {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr int kTries = 8;
constexpr int kReadTries = 3;
constexpr int kNeverSent = 2006;  // CR_SERVER_GONE_ERROR: the statement did not leave the client
constexpr int kErrorDuringCommit = 1180;  // ER_ERROR_DURING_COMMIT

SteadyTime now() { return std::chrono::steady_clock::now(); }

// Up to 1 ms after the first try, doubling to 64 ms: enough for the rival to finish.
void pause_after(int attempt) {
  thread_local std::minstd_rand random(std::random_device{}());
  const int longest = 1000 << std::min(attempt - 1, 6);
  std::this_thread::sleep_for(
      std::chrono::microseconds(std::uniform_int_distribution<int>(0, longest)(random)));
}

// Leaves no transaction open, or marks the connection broken.
void roll_back(Connection& connection) {
  if (connection.broken()) return;
  try {
    connection.run("ROLLBACK");
  } catch (const Error&) {
    connection.mark_broken();
  }
}

void commit(Connection& connection) {
  try {
    connection.run("COMMIT");
  } catch (const Conflict&) {
    roll_back(connection);
    throw;
  } catch (const Error& error) {
    const bool lost = connection.broken();
    roll_back(connection);
    if (lost && error.code() == kNeverSent) throw;
    if (lost || error.code() == kErrorDuringCommit) throw CommitUnknown(error.code(), error.what());
    throw;
  }
}

void run_once(Connection& connection, const std::function<void(Connection&)>& work) {
  connection.run("BEGIN");
  try {
    work(connection);
  } catch (...) {
    roll_back(connection);
    throw;
  }
  commit(connection);
}

}  // namespace

class Pool::Impl {
 public:
  Impl(DatabaseAddress place, PoolOptions choices) : address(std::move(place)), options(choices) {}

  // An idle connection, or null and the right to open one. In the order of asking: a thread that
  // gives back and asks again at once does not overtake those that wait.
  std::unique_ptr<Connection> take();
  void give_back(std::unique_ptr<Connection> connection);
  void give_up();  // a right to open was not used

  const DatabaseAddress address;
  const PoolOptions options;

 private:
  struct Idle {
    std::unique_ptr<Connection> connection;
    SteadyTime since;
  };
  struct Waiter {
    std::condition_variable granted_condition;
    bool granted = false;
    Idle idle;
  };

  Idle await_turn(std::unique_lock<std::mutex>& lock);
  void serve_waiters();
  bool doubtful(const Idle& idle) const;

  std::mutex mutex_;
  std::deque<Waiter*> waiters_;  // longest waiting first; they live in await_turn()
  std::vector<Idle> idle_;       // most recently used last
  std::size_t leased_ = 0;
  SteadyTime last_loss_ = SteadyTime::min();
};

std::unique_ptr<Connection> Pool::Impl::take() {
  std::unique_lock lock(mutex_);
  Idle idle = await_turn(lock);
  const bool check = idle.connection && doubtful(idle);
  lock.unlock();
  if (check && !idle.connection->usable()) idle.connection.reset();
  return std::move(idle.connection);
}

Pool::Impl::Idle Pool::Impl::await_turn(std::unique_lock<std::mutex>& lock) {
  Waiter waiter;
  waiters_.push_back(&waiter);
  serve_waiters();
  if (!waiter.granted_condition.wait_for(lock, options.wait, [&] { return waiter.granted; })) {
    waiters_.erase(std::find(waiters_.begin(), waiters_.end(), &waiter));
    throw Unavailable(0, "every connection of the pool is in use");
  }
  return std::move(waiter.idle);
}

void Pool::Impl::serve_waiters() {
  while (!waiters_.empty() && leased_ < options.size) {
    Waiter& first = *waiters_.front();
    waiters_.pop_front();
    ++leased_;
    if (!idle_.empty()) {
      first.idle = std::move(idle_.back());
      idle_.pop_back();
    }
    first.granted = true;
    first.granted_condition.notify_one();
  }
}

// When one session died, its neighbours may have died with the server.
bool Pool::Impl::doubtful(const Idle& idle) const {
  return idle.since <= last_loss_ || now() - idle.since > options.check_after_idle;
}

void Pool::Impl::give_back(std::unique_ptr<Connection> connection) {
  // Closing a session with an open transaction makes the server roll it back.
  const bool keep = !connection->broken() && !connection->in_transaction();
  const std::lock_guard lock(mutex_);
  --leased_;
  if (connection->broken()) last_loss_ = now();
  if (keep) idle_.push_back({std::move(connection), now()});
  serve_waiters();
}

void Pool::Impl::give_up() {
  const std::lock_guard lock(mutex_);
  --leased_;
  serve_waiters();
}

Pool::Pool(DatabaseAddress address, PoolOptions options)
    : impl_(std::make_unique<Impl>(std::move(address), options)) {}

Pool::~Pool() = default;

Pool::Lease::Lease(Pool* pool, std::unique_ptr<Connection> connection)
    : pool_(pool), connection_(std::move(connection)) {}

Pool::Lease::Lease(Lease&&) noexcept = default;

Pool::Lease::~Lease() {
  if (connection_) pool_->give_back(std::move(connection_));
}

Pool::Lease Pool::lease() {
  auto connection = impl_->take();
  if (!connection) {
    try {
      connection = std::make_unique<Connection>(impl_->address);
    } catch (...) {
      impl_->give_up();
      throw;
    }
  }
  return Lease(this, std::move(connection));
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
  impl_->give_back(std::move(connection));
}

void Pool::run_transaction(const std::function<void(Connection&)>& work) {
  const SteadyTime deadline = now() + impl_->options.wait;
  for (int attempt = 1;; ++attempt) {
    try {
      auto connection = lease();
      run_once(*connection, work);
      return;
    } catch (const Conflict&) {
      if (attempt == kTries) throw;
    } catch (const Unavailable& error) {
      // 0: the pool had nothing to give and has waited already.
      if (attempt == kTries || error.code() == 0 || now() > deadline) throw;
    }
    pause_after(attempt);
  }
}

bool Pool::read_again(const Error& error, int attempt, SteadyTime begin) const {
  if (attempt >= kReadTries || now() - begin > impl_->options.wait) return false;
  return dynamic_cast<const Conflict*>(&error) != nullptr ||
         (dynamic_cast<const Unavailable*>(&error) != nullptr && error.code() != 0);
}

std::string Pool::description() const {
  const DatabaseAddress& address = impl_->address;
  std::string hosts = address.socket;
  if (hosts.empty()) {
    for (const auto& [host, port] : address.hosts) {
      hosts += fmt::format("{}{}:{}", hosts.empty() ? "" : ",", host, port);
    }
  }
  return fmt::format("{} at {}", address.schema, hosts);
}

const DatabaseAddress& Pool::address() const { return impl_->address; }

}  // namespace narada::storage
