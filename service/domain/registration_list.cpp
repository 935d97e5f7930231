#include "service/domain/registration_list.h"

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<RegistrationSort, 6> kSorts{
    {"arrival", "newest", "name", "institution", "status", "meeting"}};
static_assert(is_complete(kSorts, RegistrationSort::meeting));

}  // namespace

std::string_view to_string(RegistrationSort sort) { return kSorts.name_of(sort); }

std::optional<RegistrationSort> find_registration_sort(std::string_view name) {
  return kSorts.find(name);
}

}  // namespace narada::domain
