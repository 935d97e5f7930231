#pragma once

#include <optional>

#include "service/http/pages/form.h"
#include "service/usecases/environment.h"

namespace narada::http::pages {

// The fields by which a role is given: which one, and for what. It works without scripts: of
// institution, cycle and meeting the one counts that "scope_kind" names.

// What was chosen; absent with errors added.
std::optional<usecases::RoleGrant> read_grant(const Page& page, const FormFields& fields,
                                              domain::FieldErrors& errors);
// The field that names the thing of a kind of scope ("meeting" is "scope_meeting": a meeting's form
// is another field).
std::string scope_field(const std::string& kind);
// Choices and what was typed, for the part "panel_grant_fields".
void fill_grant_fields(Page& page, const FormFields& typed);

// "organizator: cykl „Ulice dla pieszych”"
std::string scope_text(const Page& page, const usecases::RoleGrant& grant, const std::string& name);

}  // namespace narada::http::pages
