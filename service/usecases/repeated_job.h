#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string_view>
#include <thread>

namespace narada::usecases {

// A thread that makes a round, pauses and makes the next, from start() to stop(). Any number may
// run, in one process or several, so a round takes what it does under a lease or a lock of its own,
// and nothing depends on its being punctual.
class RepeatedJob {
 public:
  enum class Next { after_pause, at_once };
  // Looks at the token between its steps. What it throws is reported, and the job goes on.
  using Round = std::function<Next(const std::stop_token&)>;

  // `report_problem` is called in the thread, with one line.
  RepeatedJob(std::chrono::milliseconds pause, Round round,
              std::function<void(std::string_view)> report_problem);
  ~RepeatedJob();  // stops
  RepeatedJob(const RepeatedJob&) = delete;
  RepeatedJob& operator=(const RepeatedJob&) = delete;

  void start();
  void stop();  // returns after the step in hand

 private:
  void run(const std::stop_token& stopping);
  Next make_round(const std::stop_token& stopping);

  const std::chrono::milliseconds pause_;
  const Round round_;
  const std::function<void(std::string_view)> report_problem_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

}  // namespace narada::usecases
