#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace narada::http::edge {

class Task {
 public:
  virtual ~Task() = default;
  virtual void run() noexcept = 0;
};

// A fixed number of threads that run tasks in the order they were posted.
class HandlerPool {
 public:
  explicit HandlerPool(unsigned threads);  // at least one
  ~HandlerPool();                          // as stop()
  HandlerPool(const HandlerPool&) = delete;
  HandlerPool& operator=(const HandlerPool&) = delete;

  // Any thread. After stop() the task is dropped.
  void post(std::shared_ptr<Task> task);

  // Lets running tasks end, drops waiting ones, joins. Idempotent.
  void stop();

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Task>> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace narada::http::edge
