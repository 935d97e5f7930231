#include "service/domain/work_outcome.h"

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<OutcomeKind, 6> kOutcomeKinds{
    {"problem", "prototype", "handbook", "resolution_draft", "tool", "other"}};
static_assert(is_complete(kOutcomeKinds, OutcomeKind::other));

constexpr EnumNames<OutcomeStage, 5> kOutcomeStages{
    {"problem", "prototype", "pilot", "adopted_act", "published_practice"}};
static_assert(is_complete(kOutcomeStages, OutcomeStage::published_practice));

}  // namespace

std::string_view to_string(OutcomeKind kind) { return kOutcomeKinds.name_of(kind); }
std::string_view to_string(OutcomeStage stage) { return kOutcomeStages.name_of(stage); }

std::optional<OutcomeKind> find_outcome_kind(std::string_view name) {
  return kOutcomeKinds.find(name);
}

std::optional<OutcomeStage> find_outcome_stage(std::string_view name) {
  return kOutcomeStages.find(name);
}

}  // namespace narada::domain
