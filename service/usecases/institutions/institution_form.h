#pragma once

#include "service/domain/institution.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/institutions/institutions.h"

namespace narada::usecases {

// The institution that a form describes, without its associations, whose codes are checked where
// they are stored; every rule that the form breaks is added to `checks`.
domain::Institution read_institution_form(InstitutionForm form, FieldChecks& checks);

// Seven digits.
bool is_teryt(std::string_view text);

}  // namespace narada::usecases
