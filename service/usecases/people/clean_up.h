#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
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

// What the background does once a minute: cleans up each night, or as soon as that is overdue, and
// moves what a merged institution got late (collect_late_rows). Whichever processes are at it, one
// of them does it. What could not be removed, a line each.
std::vector<std::string> clean_up_when_due(const Environment&, const std::string& worker,
                                           const std::stop_token& stopping = {});

}  // namespace narada::usecases
