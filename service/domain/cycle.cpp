#include "service/domain/cycle.h"

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<CycleStatus, 4> kCycleStatuses{{"draft", "published", "cancelled", "binned"}};
static_assert(is_complete(kCycleStatuses, CycleStatus::binned));

constexpr EnumNames<CycleRole, 6> kCycleRoles{
    {"challenge_owner", "pilot", "host", "funder", "partner", "participant"}};
static_assert(is_complete(kCycleRoles, CycleRole::participant));

}  // namespace

std::string_view to_string(CycleStatus status) { return kCycleStatuses.name_of(status); }
std::string_view to_string(CycleRole role) { return kCycleRoles.name_of(role); }

std::optional<CycleStatus> find_cycle_status(std::string_view name) {
  return kCycleStatuses.find(name);
}

std::optional<CycleRole> find_cycle_role(std::string_view name) { return kCycleRoles.find(name); }

}  // namespace narada::domain
