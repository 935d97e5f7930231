#include "service/usecases/people/clean_up.h"

#include <exception>
#include <nlohmann/json.hpp>
#include <utility>

#include "calendar/zone.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/institutions/institution_merge.h"
#include "service/usecases/materials/materials.h"
#include "service/usecases/meetings/bin.h"
#include "service/usecases/operations.h"
#include "sql/clean_up_store.h"
#include "sql/rate_store.h"

namespace narada::usecases {
namespace {

using nlohmann::json;

constexpr std::string_view kJob = "clean_up";
constexpr std::chrono::minutes kLease{10};
constexpr std::chrono::hours kThree{3};

bool may_manage(const Actor& actor) { return can(actor, Action::manage_privacy, Thing{}); }

std::string write_report(const CleanUpReport& report) {
  json counts = json::object();
  for (const auto field : domain::kRetainedFields)
    counts[std::string(to_string(field))] = report.removed[static_cast<std::size_t>(field)];
  return counts.dump();
}

CleanUpReport read_report(const storage::JobState& job) {
  CleanUpReport report;
  report.finished_at = *job.finished_at;
  const auto counts = json::parse(job.report, nullptr, false);
  for (const auto field : domain::kRetainedFields)
    if (counts.is_object())
      report.removed[static_cast<std::size_t>(field)] =
          counts.value(std::string(to_string(field)), std::int64_t{0});
  return report;
}

// One clean-up under its lease.
class CleanUp {
 public:
  CleanUp(const Environment& environment, const std::string& worker,
          const std::stop_token& stopping)
      : environment_(environment), worker_(worker), stopping_(stopping) {}

  // False: it was stopped, or another process has taken over.
  bool run(CleanUpReport& report) {
    for (const auto field : domain::kRetainedFields) {
      auto& removed = report.removed[static_cast<std::size_t>(field)];
      while (const auto step = take_step(field)) {
        removed += *step;
        // Zero: others are at it, who will see to the rest.
        if (*step == 0) break;
        if (stopping_.stop_requested() || lost_) return false;
      }
      if (stopping_.stop_requested() || lost_) return false;
    }
    report.failures = purge_bin(environment_, stopping_).failures;
    if (stopping_.stop_requested()) return false;
    purge_materials(environment_);
    if (stopping_.stop_requested()) return false;
    environment_.pool->transact([&](storage::Connection& connection) {
      storage::purge_allowances(connection, environment_.clock->now());
    });
    return true;
  }

 private:
  std::optional<int> take_step(domain::RetainedField field) {
    const auto now = environment_.clock->now();
    return environment_.pool->transact([&](storage::Connection& connection) {
      lost_ = !storage::prolong_job(connection, kJob, worker_, now + kLease);
      if (lost_) return std::optional<int>{};
      return storage::take_removal_step(
          connection, {field, now - environment_.retention.kept(field), now, make_token});
    });
  }

  const Environment& environment_;
  const std::string& worker_;
  const std::stop_token& stopping_;
  bool lost_ = false;
};

void record_end(const Environment& environment, const Call& call, const std::string& worker,
                const CleanUpReport& report) {
  environment.pool->transact([&](storage::Connection& connection) {
    record_activity(connection, environment, call, "privacy.cleaned_up", "system", 0, {},
                    write_report(report));
    storage::finish_job(connection, kJob, worker, report.finished_at, write_report(report));
  });
}

}  // namespace

domain::Outcome<std::vector<RetentionLine>> preview_clean_up(const Environment& environment,
                                                             const Actor& actor) {
  if (!may_manage(actor)) return domain::Forbidden{};
  const auto now = environment.clock->now();
  return read_database(environment, [&](storage::Connection& connection) {
    std::vector<RetentionLine> lines;
    for (const auto field : domain::kRetainedFields) {
      RetentionLine line;
      line.field = field;
      line.kept = environment.retention.kept(field);
      line.cutoff = now - line.kept;
      const auto removable = storage::count_removable(connection, field, line.cutoff);
      line.count = removable.count;
      line.oldest = removable.oldest;
      lines.push_back(line);
    }
    return lines;
  });
}

domain::Outcome<std::optional<CleanUpReport>> find_clean_up_report(const Environment& environment,
                                                                   const Actor& actor) {
  if (!may_manage(actor)) return domain::Forbidden{};
  const auto job = read_database(environment, [](storage::Connection& connection) {
    return storage::find_job(connection, kJob);
  });
  if (!job.finished_at) return std::optional<CleanUpReport>{};
  return std::optional(read_report(job));
}

domain::Outcome<CleanUpReport> clean_up(const Environment& environment, const Call& call,
                                        const std::string& worker,
                                        std::optional<domain::Instant> due,
                                        const std::stop_token& stopping) {
  if (!may_manage(call.actor)) return domain::Forbidden{};
  const auto now = environment.clock->now();
  const bool claimed = environment.pool->transact([&](storage::Connection& connection) {
    return storage::claim_job(connection, kJob, worker, now, now + kLease, due);
  });
  if (!claimed) return domain::Conflict{due ? "not_due" : "already_running"};
  CleanUpReport report;
  if (!CleanUp(environment, worker, stopping).run(report))
    return domain::Conflict{"already_running"};
  report.finished_at = environment.clock->now();
  record_end(environment, call, worker, report);
  return report;
}

domain::Instant clean_up_due(domain::Instant now) {
  const auto wall = calendar::to_wall_time(now, domain::kDefaultZone);
  const auto midnight = std::chrono::floor<std::chrono::days>(wall);
  for (const auto day : {midnight, midnight - std::chrono::days(1)}) {
    const auto due = calendar::to_instant(domain::WallTime(day) + kThree, domain::kDefaultZone);
    if (due.instant <= now) return due.instant;
  }
  return now;
}

std::vector<std::string> clean_up_when_due(const Environment& environment,
                                           const std::string& worker,
                                           const std::stop_token& stopping) {
  Call call;
  call.actor.kind = Actor::Kind::system;
  call.request_id = "clean-up";
  const auto due = clean_up_due(environment.clock->now());
  const auto cleaned = clean_up(environment, call, worker, due, stopping);
  (void)collect_late_rows(environment, call);
  return cleaned ? cleaned->failures : std::vector<std::string>{};
}

}  // namespace narada::usecases
