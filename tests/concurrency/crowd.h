#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/registration_world.h"

namespace narada::testing {

// Runs `client(number)` on that many threads at once and waits for all of them.
void run_crowd(int clients, const std::function<void(int)>& client);

// KILLs one session of the database at random every few milliseconds while it lives.
class SessionKiller {
 public:
  SessionKiller(TestDatabase& database, std::chrono::milliseconds pause);
  ~SessionKiller();
  int kills() const { return kills_; }

 private:
  void run(const storage::DatabaseAddress& address, std::chrono::milliseconds pause);

  std::atomic<bool> done_ = false;
  std::atomic<int> kills_ = 0;
  std::thread thread_;
};

// What callers were told.
struct Answers {
  std::map<std::int64_t, int> entered;  // how often each registration was created or came back
  int unavailable = 0;                  // told that nothing stays
  int unknown = 0;                      // not told what stays
  std::vector<std::string> surprises;

  void add(const Answers& other);
};

}  // namespace narada::testing
