#include "service/domain/institution.h"

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<InstitutionKind, 11> kInstitutionKinds{{
    "city_with_county_rights",
    "urban_municipality",
    "urban_rural_municipality",
    "rural_municipality",
    "metropolis",
    "county_road_authority",
    "university",
    "foundation",
    "company",
    "public_body",
    "other",
}};
static_assert(is_complete(kInstitutionKinds, InstitutionKind::other));

}  // namespace

bool is_municipality(InstitutionKind kind) {
  switch (kind) {
    case InstitutionKind::city_with_county_rights:
    case InstitutionKind::urban_municipality:
    case InstitutionKind::urban_rural_municipality:
    case InstitutionKind::rural_municipality:
      return true;
    case InstitutionKind::metropolis:
    case InstitutionKind::county_road_authority:
    case InstitutionKind::university:
    case InstitutionKind::foundation:
    case InstitutionKind::company:
    case InstitutionKind::public_body:
    case InstitutionKind::other:
      return false;
  }
  return false;
}

std::string_view to_string(InstitutionKind kind) { return kInstitutionKinds.name_of(kind); }

std::optional<InstitutionKind> find_institution_kind(std::string_view name) {
  return kInstitutionKinds.find(name);
}

}  // namespace narada::domain
