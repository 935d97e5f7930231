#pragma once

#include <string>
#include <string_view>

#include "service/http/pages/form.h"
#include "service/http/pages/page.h"
#include "service/usecases/people/sessions.h"

namespace narada::http::pages {

// /wejscie: signing in. The form for a link in a mail stands first; sign_in_other.html shows the
// other ways.

// The page with its form and what was typed; `errors` stand beside their fields. `return_to` is
// where to go on, checked here.
Response show_sign_in(Page& page, int status, std::string_view return_to,
                      const FormFields& typed = {}, const domain::FieldErrors& errors = {});

// What sign_in_other.html shows; the view has "return_to" and "form_token".
void show_other_ways(Page& page);

// The answer to somebody who has just proved who they are: the new session's cookie, and on to the
// one-time code when it is due (/wejscie/kod?dalej=…), else to `return_to`, else to /moje.
Response complete_sign_in(const Page& page, const usecases::NewSession& begun,
                          std::string_view return_to);
// Where `return_to` leads: itself when it is a path of this site, else /moje.
std::string landing_path(const Page& page, std::string_view return_to);

}  // namespace narada::http::pages
