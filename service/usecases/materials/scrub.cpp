#include "service/usecases/materials/scrub.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "files/blob_store.h"
#include "files/digest.h"
#include "service/usecases/catalogue_activity.h"
#include "service/usecases/operations.h"
#include "sql/clean_up_store.h"
#include "sql/content_store.h"

namespace narada::usecases {
namespace {

using domain::ContentDigest;
using nlohmann::json;

constexpr std::string_view kJob = "material_scrub";
constexpr std::chrono::minutes kLease{15};
constexpr int kRowsAtOnce = 100;
constexpr std::size_t kContentsAtOnce = 500;
constexpr std::chrono::seconds kLongestRest{10};

struct Count {
  const char* name;
  std::int64_t ScrubReport::*count;
};
constexpr std::array kCounts = {
    Count{"files", &ScrubReport::files},     Count{"octets", &ScrubReport::octets},
    Count{"missing", &ScrubReport::missing}, Count{"damaged", &ScrubReport::damaged},
    Count{"unnamed", &ScrubReport::unnamed}, Count{"orphans", &ScrubReport::orphans}};

std::string write_report(const ScrubReport& report) {
  json counts = json::object();
  for (const auto& [name, count] : kCounts) counts[name] = report.*count;
  return counts.dump();
}

std::optional<ScrubReport> read_report(const storage::JobState& job) {
  const auto counts = json::parse(job.report, nullptr, false);
  if (!job.finished_at || !counts.is_object()) return std::nullopt;
  ScrubReport report;
  report.finished_at = *job.finished_at;
  for (const auto& [name, count] : kCounts) report.*count = counts.value(name, std::int64_t{0});
  return report;
}

enum class Found { right, missing, damaged, unreadable };

std::string_view word_of(Found found) {
  return found == Found::missing ? "missing" : found == Found::damaged ? "damaged" : "unreadable";
}

// One comparison under its lease.
class Scrub {
 public:
  Scrub(const Environment& environment, const std::string& worker, const ScrubOptions& options,
        const std::stop_token& stopping)
      : environment_(environment), worker_(worker), options_(options), stopping_(stopping) {}

  // False: it was stopped, or another process has taken over.
  bool run() {
    return compare_rows() && tell_empty_versions() && forget_unnamed() && remove_orphans() &&
           keep_lease();
  }
  ScrubReport& report() { return report_; }

 private:
  bool keep_lease() {
    if (stopping_.stop_requested()) return false;
    return environment_.pool->transact([&](storage::Connection& connection) {
      return storage::prolong_job(connection, kJob, worker_, environment_.clock->now() + kLease);
    });
  }

  void tell(std::string_view what, const ContentDigest& digest) const {
    if (!options_.report) return;
    const auto materials = environment_.pool->transact([&](storage::Connection& connection) {
      return storage::list_materials_of_content(connection, digest);
    });
    auto line = fmt::format("{}: file {}", what, digest.hex);
    for (const auto id : materials) line += fmt::format(", material {}", id.value);
    options_.report(line);
  }

  Found compare(const ContentDigest& digest, std::optional<std::int64_t> size) {
    const auto began = std::chrono::steady_clock::now();
    const auto blob = environment_.blobs->open(digest);
    ++report_.files;
    if (!blob) return Found::missing;
    if (size && blob->size != static_cast<std::uint64_t>(*size)) return Found::damaged;
    files::DigestBuilder builder;
    std::vector<char> buffer(1 << 20);
    for (off_t offset = 0;;) {
      const auto count = ::pread(*blob->descriptor, buffer.data(), buffer.size(), offset);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return Found::unreadable;
      if (count == 0) break;
      builder.add({buffer.data(), static_cast<std::size_t>(count)});
      offset += count;
      report_.octets += count;
    }
    rest(std::chrono::steady_clock::now() - began);
    return builder.finish() == digest ? Found::right : Found::damaged;
  }

  void rest(std::chrono::steady_clock::duration worked) const {
    if (!options_.gently) return;
    const auto until = std::chrono::steady_clock::now() +
                       std::min<std::chrono::steady_clock::duration>(3 * worked, kLongestRest);
    while (!stopping_.stop_requested() && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }

  Found look_at(const ContentDigest& digest, std::optional<std::int64_t> size) {
    const auto found = compare(digest, size);
    if (found == Found::right) return found;
    ++(found == Found::missing ? report_.missing : report_.damaged);
    tell(word_of(found), digest);
    // The disk, not the content: another try, or another cable, may read it.
    if (!options_.mend || found == Found::unreadable) return found;
    if (found == Found::damaged) environment_.blobs->remove(digest);
    environment_.pool->transact(
        [&](storage::Connection& connection) { storage::ask_for_picture(connection, digest); });
    return found;
  }

  void look_at(const storage::StoredContent& content) {
    if (content.is_kept) {
      const bool right = look_at(content.digest, content.size) == Found::right;
      if (right == content.missing_since.has_value())
        environment_.pool->transact([&](storage::Connection& connection) {
          storage::save_missing(connection, content.digest,
                                right ? std::nullopt : std::optional(environment_.clock->now()));
        });
    }
    for (const auto& picture : content.pictures) look_at(picture, std::nullopt);
  }

  bool compare_rows() {
    for (ContentDigest after;;) {
      const auto contents = environment_.pool->transact([&](storage::Connection& connection) {
        return storage::list_contents(connection, after, kRowsAtOnce);
      });
      if (contents.empty()) return true;
      for (const auto& content : contents) {
        if (!keep_lease()) return false;
        look_at(content);
      }
      after = contents.back().digest;
    }
  }

  // A restoration has found no content of them, nor its digest.
  bool tell_empty_versions() {
    const auto versions = environment_.pool->transact([&](storage::Connection& connection) {
      return storage::list_empty_versions(connection, storage::EmptyBecause::lost);
    });
    report_.missing += static_cast<std::int64_t>(versions.size());
    if (!options_.report) return true;
    for (const auto& [material, number] : versions)
      options_.report(fmt::format("lost: material {}, version {}", material.value, number));
    return true;
  }

  // Their contents are orphans from then on.
  bool forget_unnamed() {
    const auto before = environment_.clock->now() - kOrphanAge;
    for (;;) {
      if (!keep_lease()) return false;
      const auto unnamed = environment_.pool->transact([&](storage::Connection& connection) {
        return storage::list_unnamed_contents(connection, before, kRowsAtOnce);
      });
      std::int64_t deleted = 0;
      for (const auto& digest : unnamed)
        deleted += environment_.pool->transact([&](storage::Connection& connection) {
          return storage::delete_unnamed_content(connection, digest) ? 1 : 0;
        });
      report_.unnamed += deleted;
      if (deleted == 0) return true;
    }
  }

  bool remove_orphans() {
    std::vector<ContentDigest> digests;
    bool goes_on = true;
    environment_.blobs->each([&](const files::StoredBlob& blob) {
      if (!goes_on || blob.modified_at >= environment_.clock->now() - kOrphanAge) return;
      digests.push_back(blob.digest);
      if (digests.size() < kContentsAtOnce) return;
      goes_on = remove_orphans_of(digests);
      digests.clear();
    });
    return goes_on && remove_orphans_of(digests);
  }

  bool remove_orphans_of(const std::vector<ContentDigest>& digests) {
    if (!keep_lease()) return false;
    const auto needed = environment_.pool->transact([&](storage::Connection& connection) {
      return storage::find_needed_contents(connection, digests);
    });
    const auto before = environment_.clock->now() - kOrphanAge;
    for (const auto& digest : digests)
      if (!needed.contains(digest) && environment_.blobs->remove_unless_put_since(digest, before))
        ++report_.orphans;
    return true;
  }

  const Environment& environment_;
  const std::string& worker_;
  const ScrubOptions& options_;
  const std::stop_token& stopping_;
  ScrubReport report_;
};

}  // namespace

domain::Outcome<ScrubReport> scrub_materials(const Environment& environment, const Call& call,
                                             const std::string& worker, const ScrubOptions& options,
                                             const std::stop_token& stopping) {
  const auto now = environment.clock->now();
  const bool claimed = environment.pool->transact([&](storage::Connection& connection) {
    return storage::claim_job(connection, kJob, worker, now, now + kLease, options.due);
  });
  if (!claimed) return domain::Conflict{options.due ? "not_due" : "already_running"};
  Scrub scrub(environment, worker, options, stopping);
  if (!scrub.run())
    return domain::Conflict{stopping.stop_requested() ? "stopped" : "already_running"};
  auto& report = scrub.report();
  report.finished_at = environment.clock->now();
  environment.pool->transact([&](storage::Connection& connection) {
    record_activity(connection, environment, call, "materials.scrubbed", "system", 0, {},
                    write_report(report));
    storage::finish_job(connection, kJob, worker, report.finished_at, write_report(report));
  });
  return report;
}

MaterialGauges measure_materials(const Environment& environment) {
  MaterialGauges gauges;
  read_database(environment, [&](storage::Connection& connection) {
    const auto totals = storage::count_contents(connection);
    gauges.files = totals.files;
    gauges.octets = totals.octets;
    gauges.missing = totals.missing;
    gauges.last_scrub = read_report(storage::find_job(connection, kJob));
    return 0;
  });
  if (environment.blobs != nullptr) gauges.free_space = environment.blobs->free_space();
  return gauges;
}

bool is_material_missing(const Environment& environment) {
  return read_database(environment, storage::is_content_missing);
}

}  // namespace narada::usecases
