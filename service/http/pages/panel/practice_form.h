#pragma once

#include <string>
#include <vector>

#include "service/http/pages/panel/fields.h"
#include "service/http/pages/panel/meeting_form.h"
#include "service/usecases/practices/practices.h"

namespace narada::http::pages {

// The fields of a practice in the sections of the page, and those of its English edition. The names
// of inputs are those of the API after "practice_".
std::vector<FieldSection> practice_sections(const Page& page);
std::vector<FieldSection> english_sections();

FieldTexts practice_texts(const usecases::PracticeForm& form, const PanelNames& names);
// Reading starts from `base`; texts that are not there change nothing.
usecases::PracticeForm read_practice_texts(const FieldTexts& texts, const PanelNames& names,
                                           usecases::PracticeForm base,
                                           domain::FieldErrors& errors);
domain::FieldErrors practice_input_errors(domain::FieldErrors errors);

// The label of a field of the API, on the form and in lists: "title", "english.lead".
std::string practice_field_label(const Page& page, std::string_view field);

}  // namespace narada::http::pages
