#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace narada::identity {

// Lets few threads at a time do what takes much memory; a bounded number waits for a bounded time,
// so that those who ask for it never hold all threads of the service. Thread-safe.
class HashingGate {
 public:
  HashingGate(std::size_t at_once, std::size_t waiting, std::chrono::milliseconds wait)
      : at_once_(at_once), most_waiting_(waiting), wait_(wait) {}

  // One place inside for as long as it lives. Throws HashingBusy.
  class Pass {
   public:
    explicit Pass(HashingGate& gate);
    ~Pass();
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;

   private:
    HashingGate& gate_;
  };

 private:
  const std::size_t at_once_;
  const std::size_t most_waiting_;
  const std::chrono::milliseconds wait_;
  std::mutex mutex_;
  std::condition_variable left_;
  std::size_t inside_ = 0;
  std::size_t waiting_ = 0;
};

}  // namespace narada::identity
