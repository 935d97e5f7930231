#pragma once

#include <optional>
#include <string>

#include "service/http/pages/account/session.h"
#include "service/http/pages/panel/editor.h"
#include "service/usecases/meetings/form_drafts.h"

namespace narada::http::pages {

// A long form that keeps what was typed: by its script while somebody types ("do" is autosave), by
// a button without one (keep), and gives it back (?szkic=wroc) or forgets it (discard). Every page
// with such a form does all of it under its own address.
class DraftDesk {
 public:
  DraftDesk(Page& page, const usecases::SignedIn& signed_in, usecases::FormDraftName name)
      : page_(page), signed_in_(signed_in), name_(std::move(name)) {}

  // Whether the button that was pressed is one of these.
  static bool is_pressed(const FormFields& fields);
  // For autosave and discard, which the form is not shown again for. Absent: keep, whose message
  // stands in the view.
  std::optional<Response> press(const OwnForm& fields, const usecases::FieldTexts& texts,
                                const std::string& path);
  // What to go on with, when the reader has asked for it.
  std::optional<usecases::FieldTexts> resumed() const;
  // Offers an unsent draft, and gives the form's script what it needs. To be called for each page
  // with the form; `fresh`: it shows what is stored.
  void show(const std::string& path, bool fresh);
  void forget() const { discard_form_draft(page_.environment(), signed_in_.actor, name_); }

 private:
  Page& page_;
  const usecases::SignedIn& signed_in_;
  usecases::FormDraftName name_;
};

// What an editor's draft keeps besides what was typed: which version of the thing it was typed
// over, so that what others change meanwhile is merged as always; and back.
usecases::FieldTexts noted_texts(const FormFields& fields, usecases::FieldTexts typed);
EditorState resumed_state(usecases::FieldTexts noted);

// Whether an answer to a form says that it has been saved ("?zrobione=meeting_saved").
bool is_saved(const Response& response);

}  // namespace narada::http::pages
