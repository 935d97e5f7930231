#include "service/http/edge/handler_pool.h"

#include <algorithm>
#include <utility>

namespace narada::http::edge {

HandlerPool::HandlerPool(unsigned threads) {
  for (unsigned i = 0; i < std::max(threads, 1u); ++i) {
    threads_.emplace_back([this] { work(); });
  }
}

HandlerPool::~HandlerPool() { stop(); }

void HandlerPool::post(std::shared_ptr<Task> task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    waiting_.push_back(std::move(task));
  }
  wake_.notify_one();
}

void HandlerPool::stop() {
  std::deque<std::shared_ptr<Task>> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(waiting_);
  }
  wake_.notify_all();
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void HandlerPool::work() {
  for (;;) {
    std::shared_ptr<Task> task;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      task = std::move(waiting_.front());
      waiting_.pop_front();
    }
    task->run();
  }
}

}  // namespace narada::http::edge
