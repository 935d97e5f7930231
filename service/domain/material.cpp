#include "service/domain/material.h"

#include <algorithm>

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<MaterialKind, 8> kKinds{{"handbook", "presentation", "exercise",
                                             "resolution_draft", "report", "recording", "photo",
                                             "other"}};
static_assert(is_complete(kKinds, MaterialKind::other));

constexpr EnumNames<MaterialAudience, 3> kAudiences{{"everybody", "officials", "residents"}};
static_assert(is_complete(kAudiences, MaterialAudience::residents));

constexpr EnumNames<MaterialAccess, 3> kAccesses{{"everybody", "participants", "organizers"}};
static_assert(is_complete(kAccesses, MaterialAccess::organizers));

constexpr EnumNames<Licence, 6> kLicences{
    {"all_rights_reserved", "cc_by", "cc_by_sa", "cc_by_nc", "cc0", "public_document"}};
static_assert(is_complete(kLicences, Licence::public_document));

}  // namespace

std::string_view to_string(MaterialKind kind) { return kKinds.name_of(kind); }
std::string_view to_string(MaterialAudience audience) { return kAudiences.name_of(audience); }
std::string_view to_string(MaterialAccess access) { return kAccesses.name_of(access); }
std::string_view to_string(Licence licence) { return kLicences.name_of(licence); }

std::optional<MaterialKind> find_material_kind(std::string_view name) { return kKinds.find(name); }
std::optional<MaterialAudience> find_material_audience(std::string_view name) {
  return kAudiences.find(name);
}
std::optional<MaterialAccess> find_material_access(std::string_view name) {
  return kAccesses.find(name);
}
std::optional<Licence> find_licence(std::string_view name) { return kLicences.find(name); }

MaterialReading decide_reading(const Material& material, const MaterialReader& reader,
                               Instant now) {
  if (reader.organizes || reader.added) return MaterialReading::open;
  if (material.access == MaterialAccess::organizers) return MaterialReading::hidden;
  if (material.available_from && now < *material.available_from) return MaterialReading::not_yet;
  if (material.access == MaterialAccess::participants && !reader.takes_part && !reader.leads) {
    return MaterialReading::participants_only;
  }
  return MaterialReading::open;
}

const MaterialVersion* current_version(const Material& material) {
  const auto found = std::find_if(
      material.versions.begin(), material.versions.end(),
      [](const MaterialVersion& version) { return version.state == FileState::ready; });
  return found == material.versions.end() ? nullptr : &*found;
}

}  // namespace narada::domain
