#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/domain/ids.h"
#include "service/domain/time.h"

namespace narada::domain {

enum class InstitutionKind {
  city_with_county_rights,   // miasto na prawach powiatu
  urban_municipality,        // gmina miejska
  urban_rural_municipality,  // gmina miejsko-wiejska
  rural_municipality,        // gmina wiejska
  metropolis,
  county_road_authority,
  university,
  foundation,
  company,
  public_body,
  other,
};

// WGS 84, degrees.
struct GeoPoint {
  double latitude = 0;
  double longitude = 0;
  friend bool operator==(const GeoPoint&, const GeoPoint&) = default;
};

struct Association {
  AssociationId id;
  std::string code;  // "GZM"
  std::string name;
  std::string website;
};

struct AssociationMembership {
  AssociationId association;
  std::string code;
  std::string name;
  bool certain = true;  // false: the source does not confirm the membership
};

// A municipality or another body; one canonical record, people pick it and never spell it.
struct Institution {
  InstitutionId id;
  std::string slug;
  std::optional<std::string> teryt;  // seven digits
  std::string name;
  InstitutionKind kind = InstitutionKind::other;
  std::string county;
  std::string voivodeship;
  std::optional<GeoPoint> position;
  std::optional<std::int64_t> population;
  std::optional<int> population_year;
  std::optional<double> area_km2;
  std::string website;
  std::vector<std::string> aliases;
  std::vector<AssociationMembership> associations;
};

// What a list or a link needs of an institution.
struct InstitutionRef {
  InstitutionId id;
  std::string slug;
  std::optional<std::string> teryt;
  std::string name;
  InstitutionKind kind = InstitutionKind::other;
  std::optional<GeoPoint> position;
};

bool is_municipality(InstitutionKind kind);
std::string_view to_string(InstitutionKind kind);  // the enumerator's own name
std::optional<InstitutionKind> find_institution_kind(std::string_view name);

}  // namespace narada::domain
