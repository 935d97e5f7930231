#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "sql/connection.h"
#include "sql/error.h"

namespace narada::storage {

struct PoolOptions {
  std::size_t size = 32;
  std::chrono::milliseconds wait{5000};       // for a free connection, then Unavailable
  std::chrono::seconds check_after_idle{30};  // ask before reuse
};

// A unit of work that may have to run again: the key of its row in `operation`, by which a COMMIT
// whose answer was lost is looked up. 32 bytes.
using OperationKey = std::string;

// Connections for many threads. A lost connection is discarded, never reconnected.
class Pool {
 public:
  Pool(DatabaseAddress address, PoolOptions options = {});
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  class Lease {
   public:
    Lease(Pool* pool, std::unique_ptr<Connection> connection);
    Lease(Lease&&) noexcept;
    Lease& operator=(Lease&&) = delete;
    ~Lease();  // gives back; a broken one is closed
    Connection& operator*() { return *connection_; }
    Connection* operator->() { return connection_.get(); }

   private:
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
  };
  Lease lease();

  // Runs `work` outside a transaction (reads; each statement sees what is committed). When the
  // connection cannot be opened or is lost soon, often because it had died while it lay idle,
  // `work` runs again on another one, so it must not change anything but its own result.
  template <class Work>
  auto read(Work work) {
    const auto begin = std::chrono::steady_clock::now();
    for (int attempt = 1;; ++attempt) {
      try {
        auto connection = lease();
        return work(*connection);
      } catch (const Error& error) {
        if (!read_again(error, attempt, begin)) throw;
      }
    }
  }

  // Runs `work` in one READ COMMITTED transaction: COMMIT when it returns, ROLLBACK when it throws.
  // Conflict and a connection lost before COMMIT run it again from the start (8 tries, with
  // jitter), so it must not change anything but the database and its own result. A COMMIT with an
  // unknown end throws CommitUnknown.
  template <class Work>
  auto transact(Work work) {
    using Result = decltype(work(std::declval<Connection&>()));
    if constexpr (std::is_void_v<Result>) {
      run_transaction([&](Connection& connection) { work(connection); });
    } else {
      std::optional<Result> result;
      run_transaction([&](Connection& connection) { result.emplace(work(connection)); });
      return Result(std::move(*result));
    }
  }

  // Host and name without the password, for messages.
  std::string description() const;
  // For sessions with limits of their own, outside the pool.
  const DatabaseAddress& address() const;

 private:
  friend class Lease;
  bool read_again(const Error& error, int attempt,
                  std::chrono::steady_clock::time_point begin) const;
  void run_transaction(const std::function<void(Connection&)>& work);
  void give_back(std::unique_ptr<Connection> connection);

  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace narada::storage
