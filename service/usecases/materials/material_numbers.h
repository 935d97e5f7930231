#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "service/domain/material.h"
#include "service/domain/outcome.h"
#include "service/usecases/environment.h"

namespace narada::usecases {

// What who works on materials wants to know besides them.
struct MaterialNumbers {
  std::map<domain::MaterialId, int> taken;         // known people who took a version; absent: none
  std::map<domain::PersonId, std::string> people;  // who added them
  // Octets in materials and announced; see MaterialLimits for what they are held against.
  std::int64_t owner_octets = 0;
  std::int64_t person_octets = 0;  // of who asks
  std::int64_t installation_octets = 0;
};
// For who may add_material to the owner; NotFound, Forbidden.
domain::Outcome<MaterialNumbers> load_material_numbers(const Environment&, const Actor&,
                                                       const domain::MaterialOwner&);

// Octets of the whole installation.
std::int64_t load_material_octets(const Environment&);

}  // namespace narada::usecases
