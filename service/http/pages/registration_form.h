#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/domain/meeting.h"
#include "service/http/pages/form.h"
#include "service/usecases/registrations/registrations.h"

namespace narada::http::pages {

// The posted fields as the use case's form. A field that is not UTF-8 is left as it came, so that
// the use case names it.
usecases::RegistrationForm read_registration(const Page& page, const FormFields& fields);

// The labels that a field of institutions offers: "institutions" of the view.
void add_institution_choices(Page& page);
// The label of one of them; empty for none.
std::string institution_label(const Page& page,
                              const std::optional<domain::InstitutionRef>& institution);
// What a typed label stands for: a TERYT code or id where names repeat, else the text itself.
std::string institution_key(const Page& page, const std::string& typed);

// What was typed, the institutions to pick from and the modes that are offered.
void fill_registration_form(Page& page, const usecases::RegistrationForm& form,
                            const std::vector<domain::AttendanceMode>& modes);

// True while the meeting takes those who enrol in its cycle: also before its own registration
// opens.
bool takes_enrolments(const Page& page, const domain::MeetingSummary& meeting);

}  // namespace narada::http::pages
