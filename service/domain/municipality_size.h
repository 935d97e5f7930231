#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace narada::domain {

// How many people live in a municipality, in the classes by which Statistics Poland groups towns:
// what works in a large city seldom fits a small office.
enum class MunicipalitySize { to_5k, to_20k, to_100k, over_100k };

inline constexpr std::array kMunicipalitySizes = {MunicipalitySize::to_5k, MunicipalitySize::to_20k,
                                                  MunicipalitySize::to_100k,
                                                  MunicipalitySize::over_100k};

std::string_view to_string(MunicipalitySize size);
std::optional<MunicipalitySize> find_municipality_size(std::string_view name);

// People, [least, below).
struct PopulationRange {
  std::int64_t least = 0;
  std::int64_t below = 0;
};
PopulationRange population_of(MunicipalitySize size);
MunicipalitySize size_of_population(std::int64_t population);

}  // namespace narada::domain
