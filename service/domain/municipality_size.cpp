#include "service/domain/municipality_size.h"

#include "service/domain/enum_names.h"

namespace narada::domain {
namespace {

constexpr EnumNames<MunicipalitySize, 4> kSizes{{"to_5k", "to_20k", "to_100k", "over_100k"}};
static_assert(is_complete(kSizes, MunicipalitySize::over_100k));

}  // namespace

std::string_view to_string(MunicipalitySize size) { return kSizes.name_of(size); }

std::optional<MunicipalitySize> find_municipality_size(std::string_view name) {
  return kSizes.find(name);
}

PopulationRange population_of(MunicipalitySize size) {
  switch (size) {
    case MunicipalitySize::to_5k:
      return {0, 5'000};
    case MunicipalitySize::to_20k:
      return {5'000, 20'000};
    case MunicipalitySize::to_100k:
      return {20'000, 100'000};
    case MunicipalitySize::over_100k:
      break;
  }
  return {100'000, INT64_MAX};
}

MunicipalitySize size_of_population(std::int64_t population) {
  for (const auto size : kMunicipalitySizes)
    if (population < population_of(size).below) return size;
  return MunicipalitySize::over_100k;
}

}  // namespace narada::domain
