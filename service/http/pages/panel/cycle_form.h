#pragma once

#include <map>
#include <string>
#include <vector>

#include "service/domain/plan.h"
#include "service/http/pages/panel/fields.h"
#include "service/http/pages/panel/meeting_form.h"
#include "service/usecases/meetings/cycles.h"
#include "service/usecases/meetings/session_warnings.h"

namespace narada::http::pages {

// The fields of a cycle: what it is about, who takes part, and, of one that is stored, what was
// published about it.
std::vector<FieldSection> cycle_sections(const Page& page, const usecases::SignedIn& signed_in);
FieldSection published_section();
// How sessions are to be laid out, and the sessions as rows of a table.
FieldSection rule_section(const Page& page);
FieldSpec sessions_spec(const Page& page);

FieldTexts cycle_texts(const usecases::CycleForm& form, const PanelNames& names);
FieldTexts first_rule_texts();

// Where each entry of a CycleForm was typed, for its errors.
struct CycleInputs {
  std::vector<std::string> institutions;  // names of inputs, in the order of the form
  std::vector<std::string> names;         // what was typed there
};
// Reading starts from `base`, whose sessions stay; texts that are not there change nothing.
usecases::CycleForm read_cycle(const FieldTexts& texts, const PanelNames& names,
                               usecases::CycleForm base, CycleInputs& inputs,
                               domain::FieldErrors& errors);
domain::FieldErrors cycle_input_errors(domain::FieldErrors errors, const CycleInputs& inputs);

domain::Plan read_plan(const FieldTexts& texts, domain::FieldErrors& errors);
domain::FieldErrors plan_input_errors(domain::FieldErrors errors);

// A row without a day yet, for the session number `index`: its host, mode and capacities are those
// of the rule.
Row session_to_fill(const FieldTexts& texts, std::size_t index);
// Rows of planned sessions: the hosts take turns, and each row has the rule's mode and capacities.
std::string planned_rows(const FieldSpec& spec, const std::vector<domain::PlannedSession>& sessions,
                         const FieldTexts& texts);
std::string session_rows(const FieldSpec& spec, const std::vector<usecases::MeetingForm>& meetings,
                         const std::vector<domain::MeetingId>& sources, const PanelNames& names);
// One row over the meeting that it was copied from, or over an empty one. `input` is the row's id.
usecases::MeetingForm read_session(const Row& row, usecases::MeetingForm base,
                                   const PanelNames& names, const std::string& input,
                                   domain::FieldErrors& errors);
// The rows as far as they can be read, for warnings.
std::vector<usecases::SessionDraft> session_drafts(const FieldSpec& spec, const std::string& rows);

}  // namespace narada::http::pages
