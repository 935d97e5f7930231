#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "service/domain/time.h"

namespace narada::domain {

// Public pages whose readings are counted. Nothing is kept of who read.
enum class ReadKind { practice, meeting, cycle, material };
std::string_view to_string(ReadKind kind);
std::optional<ReadKind> find_read_kind(std::string_view name);

// A page as its address names it, and how often it was read on a day.
struct PageReads {
  ReadKind kind = ReadKind::practice;
  std::string key;  // slug; of a material its number
  Date day{};
  std::int64_t count = 0;
};

// What calls itself a program and no person's browser: robots of search engines, previews of
// messengers, feed readers, monitors, libraries. Who says nothing of itself is one, too.
bool is_robot(std::string_view user_agent);

// Days are kept for so long, then months.
inline constexpr std::chrono::days kDailyReadsKept{731};

}  // namespace narada::domain
