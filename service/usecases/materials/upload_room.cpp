#include "service/usecases/materials/upload_room.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "files/blob_store.h"
#include "files/staged_file.h"
#include "sql/upload_store.h"

namespace narada::usecases {
namespace {

// "1,5 GB": octets as people read them, rounded down, so that what is left is never too much.
std::string size_text(std::uint64_t octets, domain::Language language) {
  constexpr std::array<std::string_view, 5> kUnits{"B", "KB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  std::uint64_t tenths = octets * 10;
  while (tenths >= 10240 && unit + 1 < kUnits.size()) {
    tenths /= 1024;
    ++unit;
  }
  const char point = language == domain::Language::pl ? ',' : '.';
  const bool is_whole = tenths % 10 == 0 || unit == 0;
  return is_whole ? fmt::format("{}\u00a0{}", tenths / 10, kUnits[unit])
                  : fmt::format("{}{}{}\u00a0{}", tenths / 10, point, tenths % 10, kUnits[unit]);
}

domain::FieldErrors quota(std::string_view of, std::uint64_t left, domain::Language language) {
  return {{"",
           "upload_quota_" + std::string(of),
           {{"left", size_text(left, language)}, {"left_octets", std::to_string(left)}}}};
}

// Octets that a limit leaves.
std::uint64_t left_of(std::uint64_t limit, std::int64_t used) {
  const auto taken = static_cast<std::uint64_t>(std::max<std::int64_t>(used, 0));
  return limit > taken ? limit - taken : 0;
}

bool fits_on_disk(const Environment& environment, const WantedRoom& wanted,
                  std::int64_t still_to_come) {
  std::uint64_t free = files::free_space_of(environment.uploads);
  if (environment.blobs != nullptr)
    free = std::min(free, environment.blobs->free_space().value_or(free));
  const auto others = static_cast<std::uint64_t>(std::max<std::int64_t>(still_to_come, 0));
  return wanted.size - wanted.received + environment.materials.spare + others <= free;
}

}  // namespace

domain::FieldErrors too_large(std::uint64_t most, domain::Language language) {
  return {{"",
           "upload_too_large",
           {{"max", size_text(most, language)}, {"max_octets", std::to_string(most)}}}};
}

domain::FieldErrors find_lack_of_room(storage::Connection& connection,
                                      const Environment& environment, domain::Language language,
                                      const WantedRoom& wanted) {
  const auto& limits = environment.materials;
  if (wanted.size > limits.file) return too_large(limits.file, language);
  storage::pass_upload_gate(connection);
  const auto use =
      storage::count_upload_use(connection, wanted.person, wanted.owner, wanted.upload);
  if (const auto left = left_of(limits.expert, use.person); wanted.person && wanted.size > left) {
    return quota("person", left, language);
  }
  if (const auto left = left_of(limits.meeting, use.owner); wanted.size > left) {
    return quota("owner", left, language);
  }
  if (const auto left = left_of(limits.installation, use.installation); wanted.size > left) {
    return quota("installation", left, language);
  }
  if (!fits_on_disk(environment, wanted, use.still_to_come)) return {{"", "upload_no_space"}};
  return {};
}

}  // namespace narada::usecases
