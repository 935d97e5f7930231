#pragma once

#include "service/domain/practice.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/meetings/references.h"
#include "service/usecases/practices/practices.h"

namespace narada::usecases {

// The practice that a form describes, as a draft; every rule that the form breaks is added to
// `checks` under the field's name in the API, and the practice is then of no use.
domain::Practice read_practice_form(PracticeForm form, FieldChecks& checks, References& references);

}  // namespace narada::usecases
