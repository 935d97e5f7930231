#pragma once

#include <optional>
#include <string>

#include "service/domain/outcome.h"
#include "service/usecases/environment.h"
#include "service/usecases/field_merge.h"

namespace narada::usecases {

// A long form as far as somebody has filled it in, kept for them alone until they send it, discard
// it, or RetainedField::draft is over. It is a note of theirs and no change to anything, so the
// activity log says nothing of it.

struct FormDraftName {
  std::string form;     // "cycle", "meeting"
  std::string subject;  // "new", or the id and part of what is edited
};
struct FormDraft {
  FieldTexts texts;
  domain::Instant saved_at{};
};
// In place of an earlier one. The clock's time when it was saved. Forbidden to who is no person.
domain::Outcome<domain::Instant> save_form_draft(const Environment&, const Actor&,
                                                 const FormDraftName&, const FieldTexts&);
std::optional<FormDraft> find_form_draft(const Environment&, const Actor&, const FormDraftName&);
void discard_form_draft(const Environment&, const Actor&, const FormDraftName&);

}  // namespace narada::usecases
