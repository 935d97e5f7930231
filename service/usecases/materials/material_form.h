#pragma once

#include "service/domain/material.h"
#include "service/usecases/field_checks.h"
#include "service/usecases/materials/materials.h"
#include "sql/connection.h"

namespace narada::usecases {

// What a form makes of `material`, whose owner, id and edition are set; every rule that it breaks
// is added to `checks`. Of the upload it looks at whether there is one.
enum class FormOf { new_material, stored_material };
domain::Material read_material_form(storage::Connection&, MaterialForm, FormOf, FieldChecks&,
                                    domain::Material material, const std::string& tzid);
MaterialForm to_material_form(const domain::Material&, const std::string& tzid);

}  // namespace narada::usecases
