#pragma once

#include <map>
#include <string>

#include "service/domain/material.h"
#include "sql/connection.h"

namespace narada::storage {

// How many different people took a version, of each material of the owner that somebody took.
std::map<domain::MaterialId, int> count_material_takers(Connection& connection,
                                                        const domain::MaterialOwner& owner);
// The names of those who added materials of the owner, without who has been erased.
std::map<domain::PersonId, std::string> list_material_adders(Connection& connection,
                                                             const domain::MaterialOwner& owner);

}  // namespace narada::storage
