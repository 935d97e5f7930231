#pragma once

#include <string>

#include "service/usecases/field_merge.h"
#include "service/usecases/practices/practices.h"

namespace narada::usecases {

// A description as texts under the names of its fields, as revisions keep it: words, choices,
// numbers, and institutions as ids, one a line. Not the contact person, e-mail and phone: what was
// typed of a person is kept in one place, where it can be deleted.
FieldTexts texts_of(const PracticeForm& form);
// Over what is stored; a choice or number that can no longer be read is left empty.
PracticeForm with_texts(PracticeForm form, const FieldTexts& texts);

std::string to_json(const FieldTexts& texts);
// Throws std::invalid_argument on text that to_json() did not write.
FieldTexts parse_texts(const std::string& json);

}  // namespace narada::usecases
