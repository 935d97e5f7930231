#pragma once

#include "service/usecases/registrations/place_rules.h"

namespace narada::usecases {

// What was filled in, checked and resolved; what is wrong goes to `errors` (see save_places).
storage::PlaceRules read_place_rules(storage::Connection& connection,
                                     const domain::Meeting& meeting, const PlaceRulesForm& form,
                                     domain::FieldErrors& errors);

}  // namespace narada::usecases
