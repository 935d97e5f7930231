// What becomes of a COMMIT whose answer is lost: cut off at the byte by a proxy, and by killing
// sessions at random.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "sql/connection.h"
#include "sql/error.h"
#include "sql/pool.h"
#include "tests/storage/commit_proxy.h"
#include "tests/support/database.h"

using namespace narada;
using namespace narada::storage;
using narada::testing::CommitProxy;
using narada::testing::TestDatabase;
using namespace std::chrono_literals;

namespace {

OperationKey key(int number) { return fmt::format("{:032}", number); }

// One operation: its row, and one more in the counter.
void count_once(Pool& pool, const OperationKey& operation) {
  pool.transact([&](Connection& connection) {
    connection.execute(
        "INSERT INTO operation (id, request_hash, kind, result, created_at)"
        " VALUES (?, REPEAT('x', 32), 'count', '', UTC_TIMESTAMP())",
        {operation});
    connection.execute("UPDATE counter SET value = value + ? WHERE id = ?", {1, 1});
  });
}

bool has_happened(Pool& pool, const OperationKey& operation) {
  return pool.read([&](Connection& connection) {
    return !connection.query("SELECT id FROM operation WHERE id = ?", {operation}).empty();
  });
}

TestDatabase with_counter(PoolOptions options = {}) {
  TestDatabase database = TestDatabase::fresh(options);
  auto connection = database.pool().lease();
  connection->run("CREATE TABLE counter (id BIGINT PRIMARY KEY, value BIGINT NOT NULL)");
  connection->run("INSERT INTO counter (id, value) VALUES (1, 0)");
  return database;
}

std::int64_t counter(Pool& pool) {
  return pool.lease()->query("SELECT value FROM counter WHERE id = ?", {1})[0].integer(0);
}

}  // namespace

TEST_CASE(
    "a COMMIT without an answer is unknown, and the operation's row tells what became of it") {
  TestDatabase database = with_counter();
  CommitProxy proxy(TestDatabase::server().socket());
  DatabaseAddress address = database.address();
  address.socket = proxy.socket_path();
  Pool pool(address, {.size = 2});

  count_once(pool, key(1));
  CHECK(counter(pool) == 1);

  proxy.cut_next_commit(CommitProxy::Cut::before_client);
  CHECK_THROWS_AS(count_once(pool, key(2)), CommitUnknown);
  CHECK(has_happened(pool, key(2)));
  CHECK(counter(pool) == 2);

  proxy.cut_next_commit(CommitProxy::Cut::before_server);
  CHECK_THROWS_AS(count_once(pool, key(3)), CommitUnknown);
  CHECK_FALSE(has_happened(pool, key(3)));
  CHECK(counter(pool) == 2);

  // The caller's way out: the same key again, and Duplicate says that it had happened.
  CHECK_THROWS_AS(count_once(pool, key(2)), Duplicate);
  CHECK_NOTHROW(count_once(pool, key(3)));
  CHECK(counter(pool) == 3);
}

TEST_CASE("while sessions are killed at random, nothing acknowledged is lost or done twice") {
  constexpr int kThreads = 8;
  constexpr auto kDuration = 4s;
  TestDatabase database = with_counter({.size = kThreads});
  std::atomic<bool> stop = false;
  std::atomic<int> next_key = 0;
  std::mutex mutex;
  std::set<OperationKey> acknowledged;
  std::set<OperationKey> unknown;
  std::set<OperationKey> failed;
  int doubled = 0;

  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      while (!stop) {
        const OperationKey operation = key(++next_key);
        std::set<OperationKey>* outcome = &acknowledged;
        bool twice = false;
        try {
          count_once(database.pool(), operation);
        } catch (const CommitUnknown&) {
          outcome = &unknown;
        } catch (const Duplicate&) {
          twice = true;  // a COMMIT that had worked was taken for one that had not left
        } catch (const Error&) {
          outcome = &failed;
        }
        const std::lock_guard lock(mutex);
        doubled += twice;
        outcome->insert(operation);
      }
    });
  }
  Connection killer(TestDatabase::server().address());
  int kills = 0;
  for (const auto end = std::chrono::steady_clock::now() + kDuration;
       std::chrono::steady_clock::now() < end;) {
    std::this_thread::sleep_for(15ms);
    const Rows sessions = killer.query(
        "SELECT id FROM information_schema.processlist WHERE db = ? ORDER BY RAND() LIMIT 1",
        {database.address().schema});
    if (sessions.empty()) continue;
    try {
      killer.run(fmt::format("KILL {}", sessions[0].integer(0)));
      ++kills;
    } catch (const Error&) {
      // It was gone already.
    }
  }
  stop = true;
  for (auto& thread : threads) thread.join();

  std::set<OperationKey> stored;
  for (const auto row : Connection(database.address()).query("SELECT id FROM operation")) {
    stored.insert(row.text(0));
  }
  const auto count_stored = [&](const std::set<OperationKey>& keys) {
    return std::count_if(keys.begin(), keys.end(),
                         [&](const OperationKey& k) { return stored.contains(k); });
  };
  const auto lost = static_cast<std::int64_t>(acknowledged.size()) - count_stored(acknowledged);
  MESSAGE("kills " << kills << ", acknowledged " << acknowledged.size() << ", lost " << lost
                   << ", unknown " << unknown.size() << " of which committed "
                   << count_stored(unknown) << ", failed " << failed.size());
  CHECK(kills > 50);
  CHECK(acknowledged.size() > 500);
  CHECK(lost == 0);
  CHECK(doubled == 0);
  CHECK(count_stored(failed) == 0);
  CHECK(counter(database.pool()) == static_cast<std::int64_t>(stored.size()));
}
