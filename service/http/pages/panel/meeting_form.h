#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/http/pages/account/session.h"
#include "service/http/pages/panel/fields.h"
#include "service/usecases/meetings/meetings.h"

namespace narada::http::pages {

// The fields of a meeting but its program, in the sections of the page. The cycle it is in can
// always be chosen, whosever it is.
struct FieldSection {
  std::string name;  // "planner.section_<name>" is its heading
  FieldSpecs specs;
  bool folds = false;  // shut while it says nothing
};
// The fields of a meeting but its program, in the sections of the page. The cycle it is in can
// always be chosen, whosever it is.
std::vector<FieldSection> meeting_sections(const Page& page, const usecases::SignedIn& signed_in,
                                           const std::optional<domain::CycleRef>& current);
// The question whether unknown experts are to be added; nothing for who may not.
FieldSpecs new_experts_spec(const usecases::SignedIn& signed_in);
FieldSpecs specs_of(const std::vector<FieldSection>& sections);
// The one field of the program's page; rows name their day where a meeting has several.
FieldSpecs program_specs(int days);

// Texts of a form and back. Reading starts from `base` and changes what the texts name; what cannot
// be read is an error of its input.
FieldTexts meeting_texts(const usecases::MeetingForm& form, const PanelNames& names);
usecases::MeetingForm read_meeting(const FieldTexts& texts, const FieldSpecs& specs,
                                   const PanelNames& names, usecases::MeetingForm base,
                                   domain::FieldErrors& errors);
FieldTexts program_texts(const usecases::MeetingForm& form, const FieldSpecs& specs,
                         const PanelNames& names);
usecases::MeetingForm read_program(const FieldTexts& texts, const FieldSpecs& specs,
                                   const PanelNames& names, usecases::MeetingForm base,
                                   domain::FieldErrors& errors);
// Typed hours and days as meeting_texts writes them, where they can be read.
FieldTexts canonical_times(FieldTexts texts);

// How many days a meeting takes.
int days_of(const usecases::MeetingForm& form);

// The errors of a use case under the inputs that they belong to.
domain::FieldErrors meeting_input_errors(domain::FieldErrors errors);
// Also Forbidden, which is said on the form: "not_in_reach". Throws for what nothing would mend.
domain::FieldErrors panel_errors_of(const domain::Failure& failure);

// {value, label} of the forms of meetings, and of the topics with "none" first.
std::vector<std::pair<std::string, std::string>> meeting_form_options(const Page& page);
std::vector<std::pair<std::string, std::string>> topic_choices(const Page& page);

}  // namespace narada::http::pages
