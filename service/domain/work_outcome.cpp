#include "service/domain/work_outcome.h"

#include <charconv>
#include <cstdio>

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<OutcomeKind, 6> kOutcomeKinds{
    {"problem", "prototype", "handbook", "resolution_draft", "tool", "other"}};
static_assert(is_complete(kOutcomeKinds, OutcomeKind::other));

constexpr EnumNames<OutcomeStage, 5> kOutcomeStages{
    {"problem", "prototype", "pilot", "adopted_act", "published_practice"}};
static_assert(is_complete(kOutcomeStages, OutcomeStage::published_practice));

// `count` digits at `from`; -1: something else stands there.
int digits(std::string_view text, std::size_t from, std::size_t count) {
  const auto part = text.substr(from, count);
  if (part.size() != count || part.find_first_not_of("0123456789") != std::string_view::npos)
    return -1;
  int value = 0;
  std::from_chars(part.data(), part.data() + part.size(), value);
  return value;
}

}  // namespace

std::string_view to_string(OutcomeKind kind) { return kOutcomeKinds.name_of(kind); }
std::string_view to_string(OutcomeStage stage) { return kOutcomeStages.name_of(stage); }

std::optional<OutcomeKind> find_outcome_kind(std::string_view name) {
  return kOutcomeKinds.find(name);
}

std::optional<OutcomeStage> find_outcome_stage(std::string_view name) {
  return kOutcomeStages.find(name);
}

std::optional<OutcomeStage> furthest_stage(const WorkOutcome& outcome) {
  std::optional<OutcomeStage> furthest;
  for (const auto& reached : outcome.stages)
    if (!furthest || *furthest < reached.stage) furthest = reached.stage;
  return furthest;
}

bool read_stage_date(std::string_view text, ReachedStage& stage) {
  constexpr std::size_t kYear = 4, kMonth = 7, kDay = 10;
  if (text.empty()) return true;
  if (text.size() != kYear && text.size() != kMonth && text.size() != kDay) return false;
  const int year = digits(text, 0, 4);
  const int month = text.size() >= kMonth && text[kYear] == '-' ? digits(text, 5, 2) : -1;
  const int day = text.size() == kDay && text[kMonth] == '-' ? digits(text, 8, 2) : -1;
  if (year < 1) return false;
  if (text.size() >= kMonth && (month < 1 || month > 12)) return false;
  if (text.size() == kDay) {
    const Date date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                    std::chrono::day{static_cast<unsigned>(day < 0 ? 0 : day)}};
    if (!date.ok()) return false;
    stage.day = static_cast<unsigned>(day);
  }
  stage.year = year;
  if (text.size() >= kMonth) stage.month = static_cast<unsigned>(month);
  return true;
}

std::string stage_date_text(const ReachedStage& stage) {
  if (!stage.year) return {};
  char text[16];
  if (!stage.month)
    std::snprintf(text, sizeof text, "%04d", *stage.year);
  else if (!stage.day)
    std::snprintf(text, sizeof text, "%04d-%02u", *stage.year, *stage.month);
  else
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", *stage.year, *stage.month, *stage.day);
  return text;
}

bool is_dated_before(const ReachedStage& one, const ReachedStage& other) {
  if (!one.year || !other.year) return false;
  if (*one.year != *other.year) return *one.year < *other.year;
  if (!one.month || !other.month) return false;
  if (*one.month != *other.month) return *one.month < *other.month;
  return one.day && other.day && *one.day < *other.day;
}

std::optional<Date> earliest_day(const ReachedStage& stage) {
  if (!stage.year) return std::nullopt;
  return Date{std::chrono::year{*stage.year}, std::chrono::month{stage.month.value_or(1)},
              std::chrono::day{stage.day.value_or(1)}};
}

}  // namespace narada::domain
