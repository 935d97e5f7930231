#pragma once

#include "service/domain/institution.h"
#include "service/usecases/environment.h"
#include "sql/connection.h"

namespace narada::usecases {

// Stores a checked institution with its aliases under a free slug, and the activity row, inside the
// transaction of the caller. Throws storage::Duplicate when somebody takes the slug or the TERYT
// meanwhile: see retry_taken_slug.
domain::InstitutionId add_institution(storage::Connection& connection,
                                      const Environment& environment, const Call& call,
                                      domain::Institution institution);

}  // namespace narada::usecases
