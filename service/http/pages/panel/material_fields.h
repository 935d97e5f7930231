#pragma once

#include <string>
#include <vector>

#include "service/domain/outcome.h"
#include "service/http/pages/form.h"
#include "service/http/pages/material_forms.h"
#include "service/usecases/field_merge.h"
#include "service/usecases/materials/materials.h"

namespace narada::http::pages {

// What the forms of materials hold, as texts under the names of their inputs.

// Of a new one: what the address presets (?rodzaj=presentation, ?prowadzacy=slug) and the room.
usecases::FieldTexts new_material_texts(const Page& page, const MaterialRoom& room);
usecases::FieldTexts stored_material_texts(const usecases::MaterialForm& form);
// As typed, without blanks around it.
usecases::FieldTexts read_material_texts(const FormFields& fields);
// Without link and upload. What cannot be read adds an error of its input.
usecases::MaterialForm material_form_of(const usecases::FieldTexts& texts,
                                        domain::FieldErrors& errors);

// f_title…, kinds, accesses, licences… for panel_material_fields. `others`: those that it may be
// another edition of.
void fill_material_fields(Page& page, const MaterialRoom& room, const usecases::FieldTexts& texts,
                          const std::vector<usecases::ReadableMaterial>& others);
// [{value, label, selected}] of the kinds and of who may see it.
web::View kind_options(const Page& page, std::string_view selected);
web::View access_options(const Page& page, std::string_view selected);

// Errors of the upload belong to the input of the file, in its words.
domain::FieldErrors name_material_errors(domain::FieldErrors errors);

}  // namespace narada::http::pages
