#include "service/usecases/mails/mail_delivery.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace narada::usecases {

using std::chrono::milliseconds;

void DeliveryTotals::add(const DeliveryReport& report) {
  sent += report.sent;
  postponed += report.postponed;
  failed += report.failed;
  aborted += report.aborted;
  paused += report.paused;
  rate_limited += report.rate_limited;
  if (!report.transport_problem.empty()) ++without_transport;
}

bool has_moved_mails(const DeliveryReport& report) {
  // What was held back is out of the way, too.
  return report.sent + report.failed + report.postponed + report.aborted + report.paused +
             report.rate_limited >
         0;
}

MailDelivery::MailDelivery(const Environment& environment, const notifications::Composer& composer,
                           std::unique_ptr<notifications::MailTransport> transport,
                           std::string worker, std::function<void(std::string_view)> report_problem,
                           DeliveryLimits limits, DeliveryTotals* totals)
    : environment_(environment),
      composer_(composer),
      transport_(std::move(transport)),
      worker_(std::move(worker)),
      report_problem_(std::move(report_problem)),
      limits_(limits),
      totals_(totals) {}

MailDelivery::~MailDelivery() { stop(); }

void MailDelivery::start() {
  if (thread_.joinable()) return;
  thread_ = std::jthread([this](const std::stop_token& stopping) { run(stopping); });
}

void MailDelivery::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void MailDelivery::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

void MailDelivery::run(const std::stop_token& stopping) {
  while (!stopping.stop_requested()) {
    const milliseconds pause = deliver_round(stopping);
    std::unique_lock lock(mutex_);
    // wait_for returns at once when stopping is requested.
    changed_.wait_for(lock, stopping, pause, [this] { return woken_ && problems_ == 0; });
    woken_ = false;
  }
}

milliseconds MailDelivery::deliver_round(const std::stop_token& stopping) {
  constexpr milliseconds kIdle(1000), kShortest(100);
  constexpr int kMailsPerRound = 25;  // a sign-in link waits no longer than that many
  try {
    const DeliveryReport report = deliver_mails(environment_, composer_, *transport_, worker_,
                                                kMailsPerRound, stopping, limits_);
    if (totals_ != nullptr) totals_->add(report);
    if (!report.transport_problem.empty()) return pause_after_problem(report.transport_problem);
    problems_ = 0;
    if (has_moved_mails(report)) return milliseconds(0);
    if (!report.next_due) return kIdle;
    const milliseconds until_due = *report.next_due - environment_.clock->now();
    return std::clamp(until_due, kShortest, kIdle);
  } catch (const std::exception& error) {
    return pause_after_problem(error.what());
  }
}

milliseconds MailDelivery::pause_after_problem(std::string_view problem) {
  constexpr milliseconds kFirst(1000), kLongest(60'000);
  constexpr int kMostDoublings = 6;
  report_problem_(problem);
  const milliseconds pause =
      std::min(kFirst * (1 << std::min(problems_, kMostDoublings)), kLongest);
  ++problems_;
  return pause;
}

}  // namespace narada::usecases
