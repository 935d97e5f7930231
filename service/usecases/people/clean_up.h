#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "service/domain/outcome.h"
#include "service/domain/retention.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// Removal of what is kept about people beyond the times of Environment::retention, once a day. A
// registration out of time keeps its meeting, institution, status and times and loses whose it was:
// each gets a row of its own for nobody, so that what is left cannot be put together again.

// One line of the preview.
struct RetentionLine {
  domain::RetainedField field{};
  std::chrono::days kept{};
  domain::Instant cutoff{};  // what ended before it goes
  std::int64_t count = 0;    // that would go now
  std::optional<domain::Instant> oldest;
};
// What a clean-up would remove now, in the order of domain::kRetainedFields. Who may
// Action::manage_privacy; otherwise Forbidden.
domain::Outcome<std::vector<RetentionLine>> preview_clean_up(const Environment&, const Actor&);

struct CleanUpReport {
  domain::Instant finished_at{};
  std::array<std::int64_t, domain::kRetainedFields.size()> removed{};  // by field
  std::vector<std::string> failures;  // of what lay in the bin and could not go; not stored
};
// The last one that came to its end; absent: none yet.
domain::Outcome<std::optional<CleanUpReport>> find_clean_up_report(const Environment&,
                                                                   const Actor&);

// Removes all of it in small transactions, under a lease of this process; Conflict
// "already_running" while another one is at it. When `stopping` ends it, or the process dies, the
// rest goes next time. `worker` names this process. `due`: not when it was done since then
// (Conflict "not_due").
domain::Outcome<CleanUpReport> clean_up(const Environment&, const Call&, const std::string& worker,
                                        std::optional<domain::Instant> due = {},
                                        const std::stop_token& stopping = {});

// The latest three o'clock in the morning of Warsaw, at or before `now`: when the night's clean-up
// is due.
domain::Instant clean_up_due(domain::Instant now);

// A thread that cleans up from start() to stop(), each night or as soon as it is overdue; and each
// minute moves what a merged institution got late (collect_late_rows). Any
// number of these may run, in one process or several; one of them does it.
class CleanUpJob {
 public:
  // `environment` outlives this object. `report_problem` is called in the thread, with one line.
  CleanUpJob(const Environment& environment, std::string worker,
             std::function<void(std::string_view)> report_problem);
  ~CleanUpJob();  // stops
  CleanUpJob(const CleanUpJob&) = delete;
  CleanUpJob& operator=(const CleanUpJob&) = delete;

  void start();
  void stop();  // returns after the transaction in hand

 private:
  void run(const std::stop_token& stopping);

  const Environment& environment_;
  std::string worker_;
  std::function<void(std::string_view)> report_problem_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

}  // namespace narada::usecases
