#include "service/domain/page_read.h"

#include <algorithm>
#include <array>

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<ReadKind, 4> kReadKinds{{"practice", "meeting", "cycle", "material"}};
static_assert(is_complete(kReadKinds, ReadKind::material));

// In lower case. "bot" also stands in Googlebot and bingbot; no browser's name holds any of them.
constexpr std::array<std::string_view, 30> kRobotWords = {
    "bot",     "crawl",     "spider",  "slurp",    "curl/",    "wget",     "python",   "java/",
    "go-http", "libwww",    "okhttp",  "axios",    "httpx",    "node",     "php",      "ruby",
    "perl",    "headless",  "preview", "facebook", "whatsapp", "telegram", "skypeuri", "monitor",
    "uptime",  "validator", "feed",    "rss",      "archive",  "scan"};

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return lower;
}

}  // namespace

std::string_view to_string(ReadKind kind) { return kReadKinds.name_of(kind); }

std::optional<ReadKind> find_read_kind(std::string_view name) { return kReadKinds.find(name); }

bool is_robot(std::string_view user_agent) {
  const auto agent = in_lower_case(user_agent);
  // Every browser begins so; what does not is a program.
  if (!agent.starts_with("mozilla/") && !agent.starts_with("opera/")) return true;
  return std::any_of(kRobotWords.begin(), kRobotWords.end(),
                     [&](std::string_view word) { return agent.find(word) != std::string::npos; });
}

}  // namespace narada::domain
