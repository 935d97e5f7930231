#pragma once

#include <string>

#include "service/domain/registration.h"
#include "service/http/pages/page.h"
#include "service/usecases/registrations/registrations.h"

namespace narada::http::pages {

// What somebody needs, as the fields of the form hold it: of diet and interpreter a name, or
// "other" with own words in a field beside it.
struct TypedNeeds {
  std::string diet;
  std::string access_needs;
  std::string interpreter;
  std::string needs;
};
TypedNeeds read_needs(const FormFields& fields);
// Absent fields are not in this form.
bool has_needs(const FormFields& fields);

// "diets", "interpreters" [{value, label, selected}], "diet_other", "interpreter_other",
// "access_needs" and "needs" of the view.
void fill_needs(Page& page, const TypedNeeds& needs);

// "wegetariańska" for "vegetarian"; own words as they are.
std::string diet_text(const Page& page, const std::string& diet);
std::string interpreter_text(const Page& page, const std::string& interpreter);

}  // namespace narada::http::pages
