#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "sql/pool.h"

namespace narada::storage {

// The right to change the schema, held by one process at a time: a row with an expiry, so that it
// also works on a cluster and ends by itself when its holder dies. A thread with a session of its
// own extends it while this object lives. The tables of MigrationLog exist.
class MigrationLease {
 public:
  // Waits until the lease is free. Throws storage::Error after kPatience.
  explicit MigrationLease(Pool& pool);
  ~MigrationLease();
  MigrationLease(const MigrationLease&) = delete;
  MigrationLease& operator=(const MigrationLease&) = delete;

  // Throws storage::Error when another process has taken the lease over. Inside a transaction:
  // holds until its end.
  void verify(Connection& connection) const;

 private:
  bool take();
  void extend_until_released();

  Pool& pool_;
  const std::string holder_;
  std::mutex mutex_;
  std::condition_variable released_condition_;
  bool released_ = false;
  std::thread extender_;
};

}  // namespace narada::storage
