#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/http/pages/panel/fields.h"
#include "service/http/pages/panel/meeting_form.h"

namespace narada::http::pages {

// A form of a stored thing that two people may have open at once. It carries the version that it
// was shown with and a fingerprint of what was stored then.
struct EditorState {
  FieldTexts texts;
  std::int64_t version = 0;  // 0: of something new
  std::string seen = {};
  domain::FieldErrors errors = {};  // with the names of inputs
  std::optional<usecases::MergedFields> merge = {};
  FieldTexts stored = {};  // what a merge was made with
  std::string more = {};   // see FieldsView
};
EditorState stored_state(FieldTexts stored, std::int64_t version);
// What was posted, shown again as it came.
EditorState posted_state(const FormFields& fields, FieldTexts typed);

// After somebody else's change: typed and stored merged, to be looked at and sent again. Absent
// when nothing of it would change what is stored, as after the same form sent twice.
std::optional<EditorState> merged_state(const FormFields& fields, const FieldTexts& typed,
                                        const FieldTexts& stored, std::int64_t version);

// Whether the form was shown before what is stored now.
bool is_behind(const FormFields& fields, std::int64_t version);

// Where the form says so ("new_experts"), whoever is named among the experts and not known yet
// joins them; `names` then knows them. What is wrong with a name is an error of "experts".
void add_new_experts(const Page& page, const usecases::SignedIn& signed_in,
                     const FormFields& fields, const FieldTexts& texts, PanelNames& names,
                     domain::FieldErrors& errors);

// Puts the sections with their fields, errors, the lists to pick from and what a merge came to into
// the view, for the template panel_meeting_form. 200, 422 with errors, 409 after a merge.
int show_editor(Page& page, const std::vector<FieldSection>& sections, const PanelNames& names,
                const EditorState& state);

}  // namespace narada::http::pages
