#include "service/domain/adoption.h"

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<AdoptionStatus, 4> kAdoptionStatuses{
    {"considering", "adapting", "adopted", "given_up"}};
static_assert(is_complete(kAdoptionStatuses, AdoptionStatus::given_up));

}  // namespace

std::string_view to_string(AdoptionStatus status) { return kAdoptionStatuses.name_of(status); }

std::optional<AdoptionStatus> find_adoption_status(std::string_view name) {
  return kAdoptionStatuses.find(name);
}

}  // namespace narada::domain
