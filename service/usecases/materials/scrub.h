#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

// Whether the store of files holds what the database says, octet by octet, and nothing else.
namespace narada::usecases {

struct ScrubReport {
  std::int64_t files = 0;    // compared, with the pictures made of them
  std::int64_t octets = 0;   // read
  std::int64_t missing = 0;  // not in the store, or lost by a restoration
  std::int64_t damaged = 0;  // there, but not what was stored, or not readable
  std::int64_t unnamed = 0;  // removed: known to the database, but part of nothing
  std::int64_t orphans = 0;  // removed: in the store, but unknown to the database
  domain::Instant finished_at{};

  friend bool operator==(const ScrubReport&, const ScrubReport&) = default;
};

struct ScrubOptions {
  // Removes damaged contents, so that the same file brought once more, or a restored copy, takes
  // their place, and asks for pictures to be made anew. What cannot be read stays.
  bool mend = false;
  // Rests after each file for three times as long as it took: others use the disk, too.
  bool gently = false;
  // Only if none has ended since.
  std::optional<domain::Instant> due = {};
  // One line for each thing that is wrong: digests and the numbers of materials.
  std::function<void(std::string_view line)> report = {};
};
// What is younger than this belongs to nothing yet.
inline constexpr std::chrono::hours kOrphanAge{24};
inline constexpr std::chrono::days kScrubPause{7};

// Under a lease, in small steps; `worker` names this process. Conflict "already_running",
// "not_due", "stopped". Throws files::BlobStoreError when the store is away. Writes activity
// materials.scrubbed.
domain::Outcome<ScrubReport> scrub_materials(const Environment&, const Call&,
                                             const std::string& worker, const ScrubOptions&,
                                             const std::stop_token& stopping = {});

struct MaterialGauges {
  std::int64_t files = 0;
  std::int64_t octets = 0;
  std::int64_t missing = 0;                 // now, damaged ones too
  std::optional<ScrubReport> last_scrub;    // absent: none has ended
  std::optional<std::uint64_t> free_space;  // octets; absent: not known
};
MaterialGauges measure_materials(const Environment&);
bool is_material_missing(const Environment&);

}  // namespace narada::usecases
