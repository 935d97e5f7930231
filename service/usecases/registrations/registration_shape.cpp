#include "service/usecases/registrations/registration_shape.h"

#include "service/usecases/registrations/registration_input.h"

namespace narada::usecases {

domain::FieldErrors find_form_errors(const RegistrationForm& form) {
  domain::FieldErrors errors;
  static_cast<void>(check_registration_form(form, errors));
  return errors;
}

}  // namespace narada::usecases
