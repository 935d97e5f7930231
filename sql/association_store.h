#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "service/domain/institution.h"
#include "sql/connection.h"

namespace narada::storage {

// By code.
std::vector<domain::Association> list_associations(Connection& connection);
std::optional<domain::Association> find_association(Connection& connection, std::string_view code);
// Throws Duplicate when the code is taken.
domain::AssociationId insert_association(Connection& connection, const domain::Association& it);
// Adds the membership or changes whether it is certain; true when that changed anything.
bool save_membership(Connection& connection, domain::AssociationId association,
                     domain::InstitutionId institution, bool certain);

}  // namespace narada::storage
