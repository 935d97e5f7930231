#include "sql/migration_lease.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <random>

namespace narada::storage {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// A holder that dies blocks the others for kTerm at most; one that lives extends in time even when
// the server is slow.
constexpr seconds kTerm{8};
constexpr seconds kExtendEvery{2};
constexpr milliseconds kAskEvery{100};
constexpr minutes kPatience{10};

constexpr const char* kTakeLease =
    "UPDATE migration_lease SET holder = ?, expires_at = UTC_TIMESTAMP(6) + INTERVAL ? SECOND"
    " WHERE id = 1 AND (expires_at < UTC_TIMESTAMP(6) OR holder = ?)";
constexpr const char* kExtendLease =
    "UPDATE migration_lease SET expires_at = UTC_TIMESTAMP(6) + INTERVAL ? SECOND"
    " WHERE id = 1 AND holder = ?";
constexpr const char* kReleaseLease =
    "UPDATE migration_lease SET holder = '', expires_at = '2000-01-01' WHERE id = 1 AND holder = ?";
constexpr const char* kHolder =
    "SELECT holder FROM migration_lease WHERE id = 1 LOCK IN SHARE MODE";

std::string new_holder() {
  char host[64] = {};
  gethostname(host, sizeof host - 1);
  std::random_device random;
  return fmt::format("{}:{}:{:08x}{:08x}", host, getpid(), random(), random());
}

}  // namespace

MigrationLease::MigrationLease(Pool& pool) : pool_(pool), holder_(new_holder()) {
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  while (!take()) {
    if (std::chrono::steady_clock::now() > give_up) {
      throw Error(0, "another process has been changing the database schema for ten minutes");
    }
    std::this_thread::sleep_for(kAskEvery);
  }
  extender_ = std::thread([this] { extend_until_released(); });
}

MigrationLease::~MigrationLease() {
  {
    const std::lock_guard lock(mutex_);
    released_ = true;
  }
  released_condition_.notify_one();
  extender_.join();
  try {
    pool_.lease()->execute(kReleaseLease, {holder_});
  } catch (const Error&) {
    // It expires by itself.
  }
}

bool MigrationLease::take() {
  return pool_.transact([&](Connection& connection) {
    return connection.execute(kTakeLease, {holder_, kTerm.count(), holder_});
  }) == 1;
}

void MigrationLease::verify(Connection& connection) const {
  const Rows rows = connection.query(kHolder);
  if (rows.empty() || rows[0].text(0) != holder_) {
    throw Error(0, "another process took over the change of the database schema");
  }
}

void MigrationLease::extend_until_released() {
  std::unique_lock lock(mutex_);
  while (!released_condition_.wait_for(lock, kExtendEvery, [this] { return released_; })) {
    lock.unlock();
    try {
      pool_.lease()->execute(kExtendLease, {kTerm.count(), holder_});
    } catch (const Error&) {
      // Tried again soon; verify() notices when it was too late.
    }
    lock.lock();
  }
}

}  // namespace narada::storage
