#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "notifications/composer.h"
#include "notifications/transport.h"
#include "service/usecases/mails/mails.h"

namespace narada::usecases {

// What the workers of this process have done since it began. Any thread.
struct DeliveryTotals {
  std::atomic<std::int64_t> sent = 0;
  std::atomic<std::int64_t> postponed = 0;
  std::atomic<std::int64_t> failed = 0;
  std::atomic<std::int64_t> aborted = 0;
  std::atomic<std::int64_t> paused = 0;
  std::atomic<std::int64_t> rate_limited = 0;
  std::atomic<std::int64_t> without_transport = 0;  // rounds that no server took anything of

  void add(const DeliveryReport& report);
};

// Whether the round has moved anything, so that others may be due behind it.
bool has_moved_mails(const DeliveryReport& report);

// A thread that delivers mails from start() to stop(): round after round while something is due,
// then once a second, and with growing pauses while the transport or the database is away. Any
// number of these may run, in one process or several.
class MailDelivery {
 public:
  // `environment`, `composer` and `totals` outlive this object. `worker` names it in the rows it
  // claims. `report_problem` is called in the thread, with one line for the log.
  MailDelivery(const Environment& environment, const notifications::Composer& composer,
               std::unique_ptr<notifications::MailTransport> transport, std::string worker,
               std::function<void(std::string_view)> report_problem, DeliveryLimits limits = {},
               DeliveryTotals* totals = nullptr);
  ~MailDelivery();  // stops
  MailDelivery(const MailDelivery&) = delete;
  MailDelivery& operator=(const MailDelivery&) = delete;

  void start();
  // Returns when the mail in hand is recorded and the rest of its round is given back.
  void stop();
  // Any thread: a mail was written, do not wait for the next second. A pause that follows a failure
  // is not cut short.
  void wake();

 private:
  void run(const std::stop_token& stopping);
  // The pause until the next round.
  std::chrono::milliseconds deliver_round(const std::stop_token& stopping);
  std::chrono::milliseconds pause_after_problem(std::string_view problem);

  const Environment& environment_;
  const notifications::Composer& composer_;
  std::unique_ptr<notifications::MailTransport> transport_;
  std::string worker_;
  std::function<void(std::string_view)> report_problem_;
  DeliveryLimits limits_;
  DeliveryTotals* totals_;  // null: nobody counts
  int problems_ = 0;        // in a row; of the thread

  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool woken_ = false;  // guarded by mutex_
  std::jthread thread_;
};

}  // namespace narada::usecases
