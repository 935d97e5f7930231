#include "tests/concurrency/crowd.h"

#include "sql/error.h"

namespace narada::testing {

void run_crowd(int clients, const std::function<void(int)>& client) {
  std::vector<std::thread> threads;
  for (int number = 0; number < clients; ++number) {
    threads.emplace_back([&client, number] { client(number); });
  }
  for (auto& thread : threads) thread.join();
}

SessionKiller::SessionKiller(TestDatabase& database, std::chrono::milliseconds pause)
    : thread_([this, address = database.address(), pause] { run(address, pause); }) {}

SessionKiller::~SessionKiller() {
  done_ = true;
  thread_.join();
}

void SessionKiller::run(const storage::DatabaseAddress& address, std::chrono::milliseconds pause) {
  constexpr std::string_view kVictim =
      "SELECT id FROM information_schema.processlist WHERE db = ? AND id <> CONNECTION_ID() "
      "ORDER BY RAND() LIMIT 1";
  storage::Connection connection(address);
  while (!done_) {
    std::this_thread::sleep_for(pause);
    const auto rows = connection.query(kVictim, {address.schema});
    if (rows.empty()) continue;
    try {
      connection.run("KILL " + std::to_string(rows[0].integer(0)));
      ++kills_;
    } catch (const storage::Error&) {
      // It has gone by itself in between.
    }
  }
}

void Answers::add(const Answers& other) {
  for (const auto& [id, times] : other.entered) entered[id] += times;
  unavailable += other.unavailable;
  unknown += other.unknown;
  surprises.insert(surprises.end(), other.surprises.begin(), other.surprises.end());
}

}  // namespace narada::testing
