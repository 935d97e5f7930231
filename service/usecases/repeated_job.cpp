#include "service/usecases/repeated_job.h"

#include <exception>
#include <utility>

namespace narada::usecases {

RepeatedJob::RepeatedJob(std::chrono::milliseconds pause, Round round,
                         std::function<void(std::string_view)> report_problem)
    : pause_(pause), round_(std::move(round)), report_problem_(std::move(report_problem)) {}

RepeatedJob::~RepeatedJob() { stop(); }

void RepeatedJob::start() {
  if (thread_.joinable()) return;
  thread_ = std::jthread([this](const std::stop_token& stopping) { run(stopping); });
}

void RepeatedJob::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void RepeatedJob::run(const std::stop_token& stopping) {
  while (!stopping.stop_requested()) {
    if (make_round(stopping) == Next::at_once) continue;
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, stopping, pause_, [] { return false; });
  }
}

RepeatedJob::Next RepeatedJob::make_round(const std::stop_token& stopping) {
  try {
    return round_(stopping);
  } catch (const std::exception& error) {
    report_problem_(error.what());
    return Next::after_pause;
  }
}

}  // namespace narada::usecases
