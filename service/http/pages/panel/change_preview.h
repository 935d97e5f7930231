#pragma once

#include <string>

#include "service/http/pages/form.h"
#include "service/usecases/meetings/change_preview.h"

namespace narada::http::pages {

// The stop between a form and what it sets off.
struct PreviewStop {
  const web::Renderer& renderer;
  std::string action;   // path that the form goes to again
  std::string confirm;  // key of the text of the button, with {count} mails
  std::string back;     // path to go back to; empty: the form itself, as it was filled in
  std::string hold{};   // when the mails leave, in words; empty: after the hold, as ever
  std::string note{};   // what has been done already; empty: nothing
};

// A rehearsal of the change that the form asks for: done at once when nobody is concerned, or when
// this is what the form was shown.
usecases::Rehearsal rehearsal_of(const FormFields& fields);

// What would happen, who is concerned, each kind of mail in its words, and the form to send again.
// `page` has its title, navigation and crumbs.
Response show_change_preview(Page& page, const FormFields& fields,
                             const usecases::ChangePreview& preview, const PreviewStop& stop);

}  // namespace narada::http::pages
