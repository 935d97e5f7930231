#pragma once

#include "service/domain/expert.h"
#include "service/http/pages/panel/meeting_form.h"
#include "service/usecases/experts/expert_profiles.h"

namespace narada::http::pages {

// The fields of an expert: all of them for those who keep the catalogue, for the expert themselves
// what they may write.
enum class ExpertFields { all, own };
std::vector<FieldSection> expert_sections(const Page& page, ExpertFields which);
FieldTexts expert_texts(const domain::ExpertProfile& profile, ExpertFields which);
usecases::ExpertEdit read_expert_edit(const FieldTexts& texts);
usecases::OwnExpertEdit read_own_expert_edit(const FieldTexts& texts);
// The errors of a use case under the inputs that they belong to.
domain::FieldErrors expert_input_errors(domain::FieldErrors errors);

}  // namespace narada::http::pages
