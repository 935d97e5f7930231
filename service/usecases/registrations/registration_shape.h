#pragma once

#include "service/domain/outcome.h"
#include "service/usecases/registrations/registrations.h"

namespace narada::usecases {

// What is wrong with a form as far as it alone goes, before any meeting or institution is looked
// up; register_person and enrol_person name the same. For callers that have found other faults
// already and want to name all of them at once.
domain::FieldErrors find_form_errors(const RegistrationForm& form);

}  // namespace narada::usecases
