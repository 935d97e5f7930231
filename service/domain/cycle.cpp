#include "service/domain/cycle.h"

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<CycleStatus, 3> kStatuses{{"draft", "published", "cancelled"}};
static_assert(is_complete(kStatuses, CycleStatus::cancelled));

constexpr EnumNames<CycleRole, 6> kRoles{
    {"challenge_owner", "pilot", "host", "funder", "partner", "participant"}};
static_assert(is_complete(kRoles, CycleRole::participant));

}  // namespace

std::string_view to_string(CycleStatus status) { return kStatuses.name_of(status); }
std::string_view to_string(CycleRole role) { return kRoles.name_of(role); }

std::optional<CycleStatus> find_cycle_status(std::string_view name) { return kStatuses.find(name); }

std::optional<CycleRole> find_cycle_role(std::string_view name) { return kRoles.find(name); }

}  // namespace narada::domain
